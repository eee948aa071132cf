# Words: what people call things, against the body's own text.

words-title = Words
words-error-title = Error: { $title }
words-own = Compare with your own text
words-text = Your text
words-text-hint = A letter, a form or the text of a page, pasted here. It is compared and forgotten: nothing of it is stored.
words-phrases = Compare phrases of two words too
words-compare = Compare words
words-begin-again = Choose other comments
words-no-text = Paste the text that you want to compare.
words-too-large = The text is too long. Send a part of it, at most 2,000,000 characters.
words-finding-none = People and your text use the same words
words-finding-theirs = People say { $theirs } more than your text does
words-finding-ours = Your text says { $ours } more than people do
words-finding-both = People say { $theirs }; your text says { $ours }
words-lead = { $comments } comments with { $words } words were compared with { $own } words of yours.
words-pairs = People say this where you say that
words-pairs-what = Words close in meaning, found by machine: a hint for somebody who knows the subject. English only.
words-pairs-they = People say
words-pairs-you = You say
words-theirs = People use more than you
words-theirs-none = There is no word that people use clearly more.
words-ours = You use more than people
words-ours-none = There is no word that your text uses clearly more.
words-per-thousand = Rates are times in a thousand words
words-column-word = Word
words-column-comments = Comments
words-column-they = They
words-column-you = You
words-column-here = Here
words-column-there = Elsewhere
words-note-kept = Nothing of your text is stored. Loading this page again sends it again.
words-note-short = Your text has { $count } words. With a thousand or more, more differences can be told from chance.
words-note-capped = There are more comments than are read at once; the oldest were left out. Choose a period.
words-note-minimum = A word is shown when it stands in { $count } comments or more. Words such as “the” are left out.
words-note-language = Your text is in { $body }, most of the comments in { $public }. Compare texts of one language: filter the comments by language.
words-title-mark = { $words } mark these comments
words-lead-mark = { $comments } comments were compared with { $others } others of the same time.
words-title-none = These comments use the same words as all others
words-lead-none = { $comments } comments were compared with { $others } others of the same time. No word is used clearly more here.
words-title-most = People write { $words } most
words-lead-all = These are all comments of the period. Filter them, by theme or sentiment for example, to see which words mark the ones you choose.
words-title-few = No word stands in enough comments to be shown
words-lead-few = Choose a longer period or take a filter away.
words-frequent = Most frequent words
words-frequent-phrases = Most frequent phrases
words-frequent-what = In how many comments
words-ask-title = Words that mark these comments
words-ask = To find them, { $count } pieces of feedback are read. That takes a few seconds.
words-ask-go = Read them
words-none-title = There are no words here
words-none-text = The feedback under these filters has ratings without comments. Choose another period or take a filter away.
words-what =
    { $count ->
        [one] { $count } piece of feedback with words, { $period }
       *[other] { $count } pieces of feedback with words, { $period }
    }
