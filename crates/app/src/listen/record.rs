//! From feedback as handed in to the record that is written: reads the words, gives the ids.

use std::collections::HashMap;

use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::reading::{CONTRADICTION, Reading};
use commonweal_domain::{Clock, FeedbackDoc, FieldError, IdSource, ImportId, KnownAs, RecordId};
use commonweal_store::NewRecord;
use commonweal_text::{Input, Reader};

use super::door::{Admitted, redacted_words};
use super::journey::Place;

/// What all feedback of one intake shares.
pub(crate) struct Intake<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) ids: &'a dyn IdSource,
    /// `api`, `console` or the import's id.
    pub(crate) source: &'a str,
    pub(crate) import: Option<ImportId>,
    /// By which records people are known whom what comes in names.
    pub(crate) known: HashMap<KnownAs, RecordId>,
}

/// Makes a reading what is kept of it; gives the redacted words.
pub(crate) fn kept(reading: &mut Reading) -> String {
    reading.words = Vec::new();
    if std::mem::take(&mut reading.contradiction) {
        reading.alerts.push(CONTRADICTION.to_owned());
    }
    std::mem::take(&mut reading.redacted)
}

/// Reads the words *before* anything is written, so that unredacted words are never visible. Gives the record,
/// and what was changed on the way in.
pub(crate) fn record(
    admitted: Admitted,
    place: Place,
    dedupe: Option<[u8; 16]>,
    intake: &Intake<'_>,
) -> (NewRecord, Vec<FieldError>) {
    let (new, mut changed) = admitted.into_parts();
    let received_at = intake.clock.now();
    let score = new.ratings.first().map(commonweal_domain::Rating::score);
    let mut comments = Vec::with_capacity(new.comments.len());
    let mut originals = Vec::with_capacity(new.comments.len());
    for (n, comment) in new.comments.into_iter().enumerate() {
        let mut reading = intake.reader.read(Input {
            text: &comment.text,
            question: comment.question.as_deref(),
            score,
            language: new.language.as_deref(),
        });
        changed.extend(redacted_words(n, &reading.spans));
        let text = kept(&mut reading);
        originals.push((text != comment.text).then_some(comment.text));
        comments.push(CommentDoc { question: comment.question, text, reading });
    }
    let language_stated = new.language.is_some();
    let language = new.language.or_else(|| comments.iter().find_map(|c: &CommentDoc| c.reading.language.clone()));
    let record = NewRecord {
        contact: intake.ids.new_id().into(),
        service: place.service.as_ref().map(|(id, _)| *id),
        touchpoint: place.touchpoint.as_ref().map(|(id, _)| *id),
        dedupe,
        language_stated,
        comment_ids: comments.iter().map(|_| intake.ids.new_id().into()).collect(),
        originals,
        known_by: new.person.as_ref().and_then(|person| intake.known.get(person).copied()),
        doc: FeedbackDoc {
            id: intake.ids.new_id().into(),
            at: new.at.unwrap_or(received_at),
            received_at,
            service: place.service.map(|(_, key)| key),
            touchpoint: place.touchpoint.map(|(_, key)| key),
            channel: new.channel,
            direction: new.direction,
            function: new.function,
            capacity: new.capacity,
            language,
            device: new.device,
            page: new.page,
            area: new.area,
            source: intake.source.to_owned(),
            import: intake.import,
            ratings: new.ratings,
            comments,
            attributes: new.attributes,
        },
    };
    (record, changed)
}
