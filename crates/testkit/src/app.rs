//! The whole application for one test: a real store, a real index, real files and charts; only the
//! clock and the ids are the test's own.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use commonweal_app::govern::SecretKeys;
use commonweal_app::govern::outside::Outside;
use commonweal_app::govern::passkeys::Passkeys;
use commonweal_app::govern::sign_in::{Origin, SignIn, SignedIn};
use commonweal_app::govern::users::ChosenBy;
use commonweal_app::{App, Parts, Projector, Receipt};
use commonweal_domain::permission::Scope;
use commonweal_domain::records::User;
use commonweal_domain::{
    Actor, BuiltBecause, Channel, Clock, Duty, Grants, IdSource, Instant, NewComment, NewFeedback, Rating,
};
use commonweal_index::{Opened, Options};
use commonweal_ports::{Inboxes, Post, PostAnswer, RelyingParty, WebAnswer, WebClient, WebError, WebRequest};
use commonweal_store::Engine;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::databases::TestDb;
use crate::inbox::TestInboxes;
use crate::post::{TestCarriers, TestPost};

/// When tests begin, unless they say otherwise: a Wednesday noon.
pub const BEGIN: &str = "2024-04-10T12:00:00Z";

/// The password of every user that [`TestApp::user`] makes.
pub const PASSWORD: &str = "correct horse battery";

/// The public address of every application: passkeys belong to it.
pub const ADDRESS: &str = "https://voice.example.org";

/// With what the secrets of every application are sealed: 32 times the letter k.
pub const SECRET_KEY: &str = "test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";

/// A clock that stands still until the test moves it.
#[derive(Debug)]
pub struct TestClock(Mutex<Instant>);

impl TestClock {
    /// A clock that shows [`BEGIN`].
    pub fn new() -> Self {
        Self(Mutex::new(instant(BEGIN)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().expect("no test panics while it moves the clock") += by;
    }

    /// Sets the clock.
    pub fn set(&self, at: Instant) {
        *self.0.lock().expect("no test panics while it sets the clock") = at;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        *self.0.lock().expect("no test panics while it reads the clock")
    }
}

/// Ids that count up: version 7 in form, the same in every run.
#[derive(Debug, Default)]
pub struct TestIds(AtomicU64);

impl IdSource for TestIds {
    fn new_id(&self) -> Uuid {
        let n = u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1;
        // 2024-04-10T12:00:00Z in milliseconds, then version and variant, then the number.
        Uuid::from_u128((1_712_750_400_000 << 80) | (0x7 << 76) | (0x8 << 60) | n)
    }
}

/// Other systems that answer as the test says, and keep what they were sent.
#[derive(Debug, Default)]
pub struct TestWeb {
    answers: Mutex<VecDeque<u16>>,
    received: Mutex<Vec<Post>>,
}

impl TestWeb {
    /// What the next requests are answered with, one after another; 204 when nothing is left. 0 is no answer.
    pub fn answers(&self, statuses: impl IntoIterator<Item = u16>) {
        self.answers.lock().expect("no test panics while it sets answers").extend(statuses);
    }

    /// What was received since the last time.
    pub fn received(&self) -> Vec<Post> {
        std::mem::take(&mut *self.received.lock().expect("no test panics while something is received"))
    }
}

#[async_trait]
impl WebClient for TestWeb {
    fn check(&self, address: &str) -> Result<(), WebError> {
        // Services of tests are on this machine.
        match address.starts_with("https://") || address.starts_with("http://127.0.0.1:") {
            true => Ok(()),
            false => Err(WebError::Refused("An address begins with https://.".to_owned())),
        }
    }

    async fn post(&self, post: Post) -> Result<PostAnswer, WebError> {
        self.check(&post.address)?;
        self.received.lock().expect("no test panics while something is received").push(post);
        let status = self.answers.lock().expect("no test panics while it sets answers").pop_front();
        match status.unwrap_or(204) {
            0 => Err(WebError::Failed("No connection.".to_owned())),
            status => Ok(PostAnswer { status, beginning: format!("It is {status}.") }),
        }
    }

    async fn ask(&self, request: WebRequest) -> Result<WebAnswer, WebError> {
        self.check(&request.address)?;
        Err(WebError::Failed("No connection.".to_owned()))
    }
}

/// An application of its own for one test.
pub struct TestApp {
    /// The use cases.
    pub app: App,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its database.
    pub db: TestDb,
    /// Other systems that it sends requests to.
    pub web: Arc<TestWeb>,
    /// What it sends to people.
    pub post: Arc<TestPost>,
    /// The mailbox that it reads.
    pub inboxes: Arc<TestInboxes>,
    projector: tokio::sync::Mutex<Projector>,
    users: AtomicU64,
    folder: TempDir,
}

impl TestApp {
    /// An empty application on either engine.
    pub async fn on(engine: Engine) -> Self {
        Self::with(TestDb::on(engine).await).await
    }

    /// An application on a database that is there.
    pub async fn with(db: TestDb) -> Self {
        Self::with_all(db, &[SECRET_KEY], Arc::new(TestClock::new()), None, Some(ADDRESS)).await
    }

    /// The same at another public address, or at none.
    pub async fn with_address(db: TestDb, address: Option<&str>) -> Self {
        Self::with_all(db, &[SECRET_KEY], Arc::new(TestClock::new()), None, address).await
    }

    /// The same, with these keys for its secrets.
    pub async fn with_keys(db: TestDb, keys: &[&str]) -> Self {
        Self::with_all(db, keys, Arc::new(TestClock::new()), None, Some(ADDRESS)).await
    }

    /// The same for a body with a sign-in service of its own, by the same clock.
    pub async fn with_outside(db: TestDb, clock: Arc<TestClock>, outside: Outside) -> Self {
        Self::with_all(db, &[SECRET_KEY], clock, Some(outside), Some(ADDRESS)).await
    }

    async fn with_all(
        db: TestDb,
        keys: &[&str],
        clock: Arc<TestClock>,
        outside: Option<Outside>,
        address: Option<&str>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let options = Options { writer_memory_bytes: 15 << 20, query_threads: 1, ..Options::default() };
        let opened = commonweal_index::open(&folder.path().join("index"), options).expect("an index folder opens");
        let (Opened::Fresh(reader, writer) | Opened::Existing(reader, writer)) = opened else {
            unreachable!("a fresh folder holds no unusable index");
        };
        let web = Arc::new(TestWeb::default());
        let post = Arc::new(TestPost::default());
        let inboxes = Arc::new(TestInboxes::default());
        let app = App::start(Parts {
            store: db.store.clone(),
            index: Arc::new(reader),
            files: Arc::new(commonweal_channels::files::Files),
            tables: Arc::new(commonweal_report::tables::Tables),
            charts: Arc::new(commonweal_report::charts::Charts),
            web: Arc::clone(&web) as Arc<dyn WebClient>,
            carriers: Arc::new(TestCarriers(Arc::clone(&post))),
            inboxes: Arc::clone(&inboxes) as Arc<dyn Inboxes>,
            public_url: address.map(str::to_owned),
            outside,
            passkeys: Passkeys::new(
                commonweal_passkeys::Passkeys::of(address).map(|party| Box::new(party) as Box<dyn RelyingParty>),
            ),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Arc::new(TestIds::default()),
            data: folder.path().to_owned(),
            secret_keys: SecretKeys::read(keys.iter().copied()).expect("keys"),
            question_time: commonweal_app::compute::QUESTION_TIME,
        })
        .await
        .expect("the application starts");
        let mut projector = Projector::new(&app, Arc::new(writer));
        projector.settle(&CancellationToken::new()).await.expect("the index can follow the store");
        Self {
            app,
            clock,
            db,
            web,
            post,
            inboxes,
            projector: tokio::sync::Mutex::new(projector),
            users: AtomicU64::new(0),
            folder,
        }
    }

    /// The folder of its index and of the files that were handed in.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Brings the index up to what is in the store now.
    pub async fn index(&self) {
        self.db.settled().await;
        self.projector.lock().await.catch_up().await.expect("the index follows");
    }

    /// Takes what was deleted out of the index's files, as the server does after a while.
    pub async fn purge_index(&self) {
        self.projector.lock().await.purge().await.expect("the index is cleared");
    }

    /// Builds the index anew from the store.
    pub async fn rebuild(&self) {
        let (because, stop) = (BuiltBecause::Asked, CancellationToken::new());
        self.projector.lock().await.rebuild(because, &stop, |_| ()).await.expect("the index is built anew");
    }

    /// Adds a user with these duties and the [`PASSWORD`], called after the last of them.
    pub async fn user(&self, duties: &[Duty]) -> User {
        let n = self.users.fetch_add(1, Ordering::Relaxed);
        let (key, label) = duties.last().map_or(("viewer", "Viewer"), |duty| (duty.key(), duty.label()));
        let (email, name) = (format!("{key}{n}@example.org"), format!("{label} {n}"));
        self.app
            .add_user_with_password(
                &Actor::Operator,
                &email,
                &name,
                Grants::of(duties),
                (PASSWORD, ChosenBy::Themselves),
            )
            .await
            .expect("the user is added")
    }

    /// Signs somebody in who has no second step.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        from: impl Into<Origin>,
    ) -> Result<SignedIn, commonweal_app::Error> {
        match self.app.sign_in(email, password, from).await? {
            SignIn::Done(signed_in) => Ok(signed_in),
            SignIn::Code { .. } => panic!("no code was to be asked for"),
        }
    }

    /// Makes an API key.
    pub async fn key(&self, scopes: &[Scope]) -> String {
        self.app.add_key(&Actor::Operator, "a test", scopes.to_vec(), None).await.expect("the key is made").1
    }

    /// Takes feedback in as the operator, by the door `api`. The index does not know it before
    /// [`TestApp::index`].
    pub async fn submit(&self, items: Vec<NewFeedback>) -> Vec<Receipt> {
        self.app.submit(&Actor::Operator, "api", items, None).await.expect("the feedback is taken in")
    }
}

/// An instant from its text.
pub fn instant(text: &str) -> Instant {
    text.parse().expect("an instant such as 2024-03-31T10:02:00Z")
}

/// Begins a feedback: `feedback().rating(2.0).comment("late").service("Blue Badge").done()`.
pub fn feedback() -> FeedbackBuilder {
    FeedbackBuilder(NewFeedback::default())
}

/// Feedback being made up.
#[derive(Clone, Debug)]
pub struct FeedbackBuilder(NewFeedback);

impl FeedbackBuilder {
    /// A rating from 1 to 5.
    #[must_use]
    pub fn rating(mut self, value: f64) -> Self {
        let name =
            if self.0.ratings.is_empty() { "overall".to_owned() } else { format!("part_{}", self.0.ratings.len()) };
        self.0.ratings.push(Rating { name, value, worst: 1.0, best: 5.0 });
        self
    }

    /// A comment without its question.
    #[must_use]
    pub fn comment(mut self, text: &str) -> Self {
        self.0.comments.push(NewComment { question: None, text: text.to_owned() });
        self
    }

    /// The service, by its name.
    #[must_use]
    pub fn service(mut self, name: &str) -> Self {
        self.0.service = Some(name.to_owned());
        self
    }

    /// The touchpoint of the service, by its name.
    #[must_use]
    pub fn touchpoint(mut self, name: &str) -> Self {
        self.0.touchpoint = Some(name.to_owned());
        self
    }

    /// The channel.
    #[must_use]
    pub fn channel(mut self, channel: Channel) -> Self {
        self.0.channel = channel;
        self
    }

    /// When it happened.
    #[must_use]
    pub fn at(mut self, at: &str) -> Self {
        self.0.at = Some(instant(at));
        self
    }

    /// The area.
    #[must_use]
    pub fn area(mut self, area: &str) -> Self {
        self.0.area = Some(area.to_owned());
        self
    }

    /// A free attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.0.attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The sender's own id.
    #[must_use]
    pub fn source_id(mut self, id: &str) -> Self {
        self.0.source_id = Some(id.to_owned());
        self
    }

    /// The feedback.
    pub fn done(self) -> NewFeedback {
        self.0
    }
}
