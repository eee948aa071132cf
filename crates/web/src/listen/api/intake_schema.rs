//! What the API takes in, as its document describes it. The rules themselves are in
//! `commonweal_app::listen::validate`, which says what is wrong with each field in a sentence.

use std::borrow::Cow;

use commonweal_domain::feedback::limits;
use commonweal_domain::person::MAX_SOURCE;
use commonweal_domain::{Capacity, Channel, Direction, Function};
use serde_json::json;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// One feedback as it is handed in.
pub(crate) struct NewFeedback;
/// A rating with its scale.
pub(crate) struct NewRating;
/// Somebody as a source calls them.
pub(crate) struct KnownPerson;
/// One feedback, or a list of them.
pub(crate) struct NewFeedbackOrList;
/// One contact without feedback as it is handed in.
pub(crate) struct NewContact;
/// One contact, or a list of them.
pub(crate) struct NewContactOrList;

const NAME: &str = "^[a-z0-9_]{1,40}$";

fn or_null(kind: Type) -> SchemaType {
    SchemaType::from_iter([kind, Type::Null])
}

fn short(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(or_null(Type::String))
        .max_length(Some(limits::SHORT_CHARS))
        .description(Some(description))
}

fn named<T: Copy>(all: &[T], key: fn(T) -> &'static str, usual: &str, description: &str) -> ObjectBuilder {
    let values = all.iter().map(|v| serde_json::Value::from(key(*v))).chain([serde_json::Value::Null]);
    ObjectBuilder::new()
        .schema_type(or_null(Type::String))
        .enum_values(Some(values))
        .default(Some(json!(usual)))
        .description(Some(description))
}

fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Number).minimum(Some(-1e9)).maximum(Some(1e9))
}

fn words() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(limits::COMMENT_BYTES))
}

impl ToSchema for NewRating {
    fn name() -> Cow<'static, str> {
        "NewRating".into()
    }
}

impl PartialSchema for NewRating {
    fn schema() -> RefOr<Schema> {
        let scale = |usual: f64, description: &str| {
            number().schema_type(or_null(Type::Number)).default(Some(json!(usual))).description(Some(description))
        };
        let name = ObjectBuilder::new()
            .schema_type(or_null(Type::String))
            .pattern(Some(NAME))
            .default(Some(json!("overall")))
            .description(Some("What was rated. Each name once."));
        ObjectBuilder::new()
            .description(Some("A rating with its scale. Scales run both ways: `worst` may be the larger number."))
            .property("name", name)
            .property("value", number().description(Some("The number given, on the scale.")))
            .property("worst", scale(1.0, "The worst number on the scale; 1 when not given."))
            .property("best", scale(5.0, "The best number on the scale; 5 when not given."))
            .required("value")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .into()
    }
}

impl ToSchema for KnownPerson {
    fn name() -> Cow<'static, str> {
        "KnownPerson".into()
    }
}

impl PartialSchema for KnownPerson {
    fn schema() -> RefOr<Schema> {
        let part = |description: &str| {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(MAX_SOURCE))
                .description(Some(description))
        };
        ObjectBuilder::new()
            .description(Some(
                "Somebody as a source calls them. The contact points at what the source has told of them (`POST /api/v1/people`); of whom it has told nothing yet, a record is made. The sources `email` and `phone` call people by their address or number, which is a way to reach them then.",
            ))
            .property("source", part("Which source knows them: the name of another system."))
            .property("key", part("What it calls them."))
            .required("source")
            .required("key")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .examples([json!({"source": "housing", "key": "T-17"})])
            .into()
    }
}

/// Who it was, in what is handed in.
fn person() -> Schema {
    OneOfBuilder::new()
        .item(Ref::from_schema_name("KnownPerson"))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .description(Some("Who it was, if a source knows them. Needs the scope `people:write` besides. It stays out of everything that is counted, listed and exported with feedback."))
        .build()
        .into()
}

impl ToSchema for NewFeedback {
    fn name() -> Cow<'static, str> {
        "NewFeedback".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((NewRating::name().into(), NewRating::schema()));
        schemas.push((KnownPerson::name().into(), KnownPerson::schema()));
    }
}

impl PartialSchema for NewFeedback {
    fn schema() -> RefOr<Schema> {
        let at = short(
            "When it happened, with offset (RFC 3339); the present when not given. Not in the future, not before 1900.",
        )
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        let from_one_to_five = number().minimum(Some(1)).maximum(Some(5)).build();
        let rating = OneOfBuilder::new()
            .item(from_one_to_five.clone())
            .item(Ref::from_schema_name("NewRating"))
            .item(ObjectBuilder::new().schema_type(Type::Null));
        let ratings = ArrayBuilder::new()
            .schema_type(or_null(Type::Array))
            .items(RefOr::T(Schema::OneOf(
                OneOfBuilder::new().item(from_one_to_five).item(Ref::from_schema_name("NewRating")).build(),
            )))
            .max_items(Some(limits::RATINGS));
        let comment = ObjectBuilder::new()
            .property("question", short("The question that was asked. Personal data in it is redacted on the way in."))
            .property("text", words().description(Some("The words.")))
            .required("text")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
        let comments = ArrayBuilder::new()
            .schema_type(or_null(Type::Array))
            .items(RefOr::T(Schema::OneOf(OneOfBuilder::new().item(words()).item(comment).build())))
            .max_items(Some(limits::COMMENTS));
        let value = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number, Type::Boolean, Type::Null]))
            .max_length(Some(limits::SHORT_CHARS));
        let attributes = ObjectBuilder::new()
            .schema_type(or_null(Type::Object))
            .property_names(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some(NAME)).build()))
            .max_properties(Some(limits::ATTRIBUTES))
            .additional_properties(Some(AdditionalProperties::from(Schema::from(value.build()))))
            .description(Some("Free attributes such as age band: one of a few values, a number or a date. Names and values that say who somebody is are refused."));
        ObjectBuilder::new()
            .description(Some("What somebody told you. At least one rating or one comment that is not empty."))
            .property(
                "id",
                short(
                    "Your own id of it. The same id from the same key is the same feedback, however often it is sent.",
                ),
            )
            .property("at", at)
            .property("service", short("Service, by key or name. A new one is added."))
            .property("touchpoint", short("Touchpoint of that service, by key or name."))
            .property("channel", named(Channel::ALL, Channel::key, "other", "The way it came."))
            .property("direction", named(Direction::ALL, Direction::key, "in", "Who spoke to whom."))
            .property("function", named(Function::ALL, Function::key, "serve", "Function of the body."))
            .property(
                "capacity",
                named(Capacity::ALL, Capacity::key, "customer", "Whether the person used a service or had a say."),
            )
            .property(
                "rating",
                rating.description(Some("The main rating: a number from 1 (worst) to 5 (best), or with its scale.")),
            )
            .property("ratings", ratings.description(Some("More ratings, each with a name of its own.")))
            .property(
                "comment",
                words().schema_type(or_null(Type::String)).description(Some(
                    "The words, at most 100,000 bytes. Personal data in them is redacted on the way in.",
                )),
            )
            .property("question", short("The question that `comment` answers."))
            .property("comments", comments.description(Some("More answers in words.")))
            .property("page", short("Address of the page it is about. Who asked for it, query string, fragment, and names of users in the path are left out."))
            .property("device", short("Class of device, for example `phone`."))
            .property("language", short("Language that the person chose, ISO 639-1."))
            .property("area", short("Area, for example a ward."))
            .property("attributes", attributes)
            .property("person", person())
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .examples([json!({
                "id": "crm-2024-18823",
                "at": "2024-03-31T10:02:00Z",
                "service": "Blue Badge",
                "touchpoint": "Apply",
                "channel": "web",
                "rating": 2,
                "comment": "The upload keeps spinning when I add a photo of my letter.",
                "attributes": {"age_band": "65+"}
            })])
            .into()
    }
}

impl ToSchema for NewFeedbackOrList {
    fn name() -> Cow<'static, str> {
        "NewFeedbackOrList".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((NewFeedback::name().into(), NewFeedback::schema()));
        NewFeedback::schemas(schemas);
    }
}

impl PartialSchema for NewFeedbackOrList {
    fn schema() -> RefOr<Schema> {
        let list = ArrayBuilder::new()
            .items(Ref::from_schema_name("NewFeedback"))
            .min_items(Some(1))
            .max_items(Some(limits::BATCH))
            .description(Some("All are taken in, or none."));
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(Ref::from_schema_name("NewFeedback")).item(list).build()))
    }
}

impl ToSchema for NewContact {
    fn name() -> Cow<'static, str> {
        "NewContact".into()
    }
}

impl PartialSchema for NewContact {
    fn schema() -> RefOr<Schema> {
        let at = short(
            "When it happened, with offset (RFC 3339); the present when not given. Not in the future, not before 1900.",
        )
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        let said = |all: Vec<&'static str>, description: &str| {
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(all)).description(Some(description))
        };
        let channels = Channel::ALL.iter().map(|v| v.key()).collect();
        let directions = Direction::ALL.iter().map(|v| v.key()).collect();
        let functions = Function::ALL.iter().map(|v| v.key()).collect();
        ObjectBuilder::new()
            .description(Some("A call, a delivery, a visit: a contact that brought no feedback."))
            .property(
                "id",
                short(
                    "Your own id of it. The same id from the same key is the same contact, however often it is sent.",
                ),
            )
            .property("at", at)
            .property("service", short("Service, by key or name. A new one is added."))
            .property("touchpoint", short("Touchpoint of that service, by key or name."))
            .property("channel", said(channels, "The way it came or went."))
            .property("direction", said(directions, "Who spoke to whom."))
            .property("function", said(functions, "Function of the body."))
            .property(
                "capacity",
                named(Capacity::ALL, Capacity::key, "customer", "Whether the person used a service or had a say."),
            )
            .property("person", person())
            .required("channel")
            .required("direction")
            .required("function")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
            .examples([json!({
                "id": "call-18823",
                "at": "2024-03-31T10:02:00Z",
                "service": "Blue Badge",
                "channel": "phone",
                "direction": "in",
                "function": "serve"
            })])
            .into()
    }
}

impl ToSchema for NewContactOrList {
    fn name() -> Cow<'static, str> {
        "NewContactOrList".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((NewContact::name().into(), NewContact::schema()));
        schemas.push((KnownPerson::name().into(), KnownPerson::schema()));
    }
}

impl PartialSchema for NewContactOrList {
    fn schema() -> RefOr<Schema> {
        let list = ArrayBuilder::new()
            .items(Ref::from_schema_name("NewContact"))
            .min_items(Some(1))
            .max_items(Some(limits::BATCH))
            .description(Some("All are taken in, or none."));
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(Ref::from_schema_name("NewContact")).item(list).build()))
    }
}
