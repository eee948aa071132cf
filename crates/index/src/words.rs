//! The tokenizer: the same words that `Filter::matches` sees.

use commonweal_domain::search;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Name under which the schema knows it.
pub(crate) const NAME: &str = "commonweal_words";

/// Splits and folds as [`search::placed`] does, so that index and definition can't disagree.
#[derive(Clone, Default)]
pub(crate) struct WordTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream { words: Box::new(search::placed(text)), token: Token::default() }
    }
}

pub(crate) struct WordStream<'a> {
    words: Box<dyn Iterator<Item = search::Placed> + 'a>,
    token: Token,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(search::Placed { place, token: word }) = self.words.next() else { return false };
        self.token.position = place;
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        self.token.text = word.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
