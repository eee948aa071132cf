//! What can be said at the command line.

mod deliver;
mod people;
mod returns;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use commonweal_domain::Actor;

use crate::ask::Ask;
use crate::commands::audit::AuditCommand;
use crate::commands::backup::{Backup, Restore};
use crate::commands::secrets::SecretsCommand;

pub(crate) use deliver::{Deliveries, DeliveriesList, MessageCommand, Rules, Send, SenderAdd, SenderCommand};
pub(crate) use people::{People, PeopleAudience, PeopleErase, PeopleExport, PeopleImport, PeopleMatch};
pub(crate) use returns::{MailboxAdd, MailboxCommand, ReturnsCommand, ReturnsList, ReturnsRead};

/// Commonweal: engage, inform and serve the public.
#[derive(Debug, Parser)]
#[command(name = "commonweal", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// Folder that holds everything of one body.
    #[arg(long, global = true, env = "COMMONWEAL_DATA", default_value = "data")]
    pub(crate) data: PathBuf,

    /// Configuration file (default: commonweal.toml in the data folder, if there is one).
    #[arg(long, global = true, env = "COMMONWEAL_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the console and the API.
    Serve(Serve),
    /// Take a spreadsheet of feedback in.
    Import(Import),
    /// Write feedback to a file.
    Export(Export),
    /// Search, count and compare.
    Query(Query),
    /// Read comments from standard input; print one JSON object per comment.
    Read(Read),
    /// People: what sources know of them, and which records are of one person.
    #[command(subcommand)]
    People(People),
    /// Plan a send: one message to many people.
    Send(Send),
    /// Messages to single people.
    #[command(subcommand)]
    Message(MessageCommand),
    /// Look at sends and what became of each message; pause, resume and stop them.
    #[command(subcommand)]
    Deliveries(Deliveries),
    /// Ways out: mail servers.
    #[command(subcommand)]
    Sender(SenderCommand),
    /// Mailboxes that are read: to where mail comes back.
    #[command(subcommand)]
    Mailbox(MailboxCommand),
    /// Mail that came back, and what became of it.
    #[command(subcommand)]
    Returns(ReturnsCommand),
    /// Mail that comes back.
    #[command(subcommand)]
    Mail(MailCommand),
    /// What comments are about: the codeframe, and reading all comments again by it.
    #[command(subcommand)]
    Themes(Themes),
    /// Teach the reading engine what persons corrected; print scores before and after.
    Train(Train),
    /// Look after the search and counting index.
    #[command(subcommand)]
    Index(Index),
    /// Users, API keys, services, copying.
    #[command(subcommand)]
    Admin(Admin),
    /// Follow the audit trail through, or take it out.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Keys with which the secrets of the database are sealed.
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check that everything is in order.
    Doctor(Doctor),
    /// Write a consistent back-up while the server runs.
    Backup(Backup),
    /// Put a back-up in the place of an empty data folder.
    Restore(Restore),
    /// Load the sample data, print address and sign-in, and serve.
    Demo(Demo),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port, in place of server.listen.
    #[arg(long)]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// Do no background work here (imports, undo, housekeeping).
    #[arg(long)]
    pub(crate) no_work: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// CSV, XLSX, XLSM or ODS file.
    #[arg(required_unless_present_any = ["undo", "stop"])]
    pub(crate) file: Option<PathBuf>,
    /// What columns mean: comment=COLUMN,rating=COLUMN,at=…,service=…,channel=…,attr.age=… Columns not named are recognised.
    #[arg(long, value_name = "TARGET=COLUMN,…")]
    pub(crate) map: Vec<String>,
    /// Value for every row that has none: service="Blue Badge", channel=paper …
    #[arg(long, value_name = "TARGET=VALUE")]
    pub(crate) set: Vec<String>,
    /// Sheet of a workbook.
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// Row of the headings, counted from 1.
    #[arg(long)]
    pub(crate) header_row: Option<usize>,
    /// Order of day and month where dates leave it open: day_first, month_first.
    #[arg(long)]
    pub(crate) dates: Option<String>,
    /// Worst and best rating, for example 5,1.
    #[arg(long, value_name = "WORST,BEST")]
    pub(crate) scale: Option<String>,
    /// What answers in words mean as numbers, for example "Good=5,Fair=3,Bad=1". Without --scale the smallest is the worst.
    #[arg(long, value_name = "WORD=NUMBER,…")]
    pub(crate) scale_words: Option<String>,
    /// Where the file comes from: how its columns are read, and its ids, belong to that source then, whatever other files
    /// look like.
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Change the rows that are there already into what they are read as now, for example when the columns of a file that
    /// was imported were taken for something else. Their ids stay, and what people said of words that stay.
    #[arg(long)]
    pub(crate) update: bool,
    /// Look at the file and say what each row would become; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where to write the rows that were not taken in (default: beside the file).
    #[arg(long)]
    pub(crate) rejected: Option<PathBuf>,
    /// Print one machine-readable line at the end.
    #[arg(long)]
    pub(crate) json: bool,
    /// Take back the import with this id instead.
    #[arg(long, value_name = "ID", conflicts_with_all = ["map", "set", "dry_run"])]
    pub(crate) undo: Option<String>,
    /// Stop the import with this id instead, which a server or another command reads. What came in stays.
    #[arg(long, value_name = "ID", conflicts_with_all = ["map", "set", "dry_run", "undo"])]
    pub(crate) stop: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Filters {
    /// Words and fields: `upload "bus stop" -parking channel:phone`.
    #[arg(long, short = 'q', default_value = "")]
    pub(crate) search: String,
    /// DIMENSION=VALUE; `=!VALUE` for "is not"; `=(none)` for "has none". May be repeated.
    #[arg(long, value_name = "DIMENSION=VALUE")]
    pub(crate) filter: Vec<String>,
    /// 2024, 2024-Q1, 2024-03, 2024-03-31, A..B, last-7-days, last-12-months, this-month, today, all.
    #[arg(long, default_value = "all")]
    pub(crate) period: String,
    /// Figures of groups of people as they are, and lists of few. Without it counts have noise, small groups are not
    /// shown, and such lists are refused.
    #[arg(long)]
    pub(crate) exact: bool,
}

impl Filters {
    /// Who asks.
    pub(crate) const fn actor(&self) -> Actor {
        if self.exact { Actor::OperatorExact } else { Actor::Operator }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// File to write: .csv, .xlsx or .ndjson; `-` for CSV on standard output.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) filters: Filters,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Query {
    #[command(subcommand)]
    pub(crate) ask: Option<Ask>,
    #[command(flatten)]
    pub(crate) filters: Filters,
    /// A dimension (service, channel, attr.NAME …) or hour, day, week, month. Up to two.
    #[arg(long, value_name = "WHAT")]
    pub(crate) group_by: Vec<String>,
    /// count, comments, contacts, rating, satisfied, sentiment, negative. May be repeated.
    #[arg(long)]
    pub(crate) measure: Vec<String>,
    /// period_before or year_before.
    #[arg(long)]
    pub(crate) compare: Option<String>,
    /// Most groups.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    /// Show the feedback itself, newest first, instead of counting.
    #[arg(long, conflicts_with_all = ["group_by", "measure", "compare"])]
    pub(crate) list: bool,
    /// Show all values of all dimensions with their counts.
    #[arg(long, conflicts_with_all = ["group_by", "measure", "compare", "list"])]
    pub(crate) facets: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Index {
    /// Build it anew from the store.
    Rebuild,
    /// Follow the store until nothing is outstanding, and say where it stands.
    CatchUp,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Users.
    #[command(subcommand)]
    User(AdminUser),
    /// API keys.
    #[command(subcommand)]
    Key(AdminKey),
    /// Services.
    #[command(subcommand)]
    Service(AdminService),
    /// Set what the body has decided about itself.
    Settings {
        /// Name of the body.
        #[arg(long)]
        name: Option<String>,
        /// Word for a person it deals with.
        #[arg(long)]
        person_word: Option<String>,
        /// Time zone, for example Europe/London.
        #[arg(long)]
        time_zone: Option<String>,
        /// Smallest group that breakdowns show.
        #[arg(long)]
        minimum_group: Option<u64>,
        /// Sentence on every page; empty to take it away.
        #[arg(long)]
        notice: Option<String>,
    },
    /// Copy a body to another, empty database, and prove both equal.
    Copy {
        /// sqlite:PATH or postgres://…
        #[arg(long)]
        from: String,
        /// sqlite:PATH or postgres://…
        #[arg(long)]
        to: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminUser {
    /// Add a user; prints a one-time link with which they choose their password. For the first administrator a
    /// password is made up and printed.
    Create {
        /// Email address.
        email: String,
        /// Name.
        #[arg(long)]
        name: Option<String>,
        /// What the user does here: reader, analyst, entry, listener, manager, administrator,
        /// statistician, or all; again for each. Without one the user sees figures and no comments. `manager:TEAM` is for
        /// one team, by its name.
        #[arg(long = "duty")]
        duties: Vec<String>,
        /// Read the password from standard input. Whoever is not the first administrator must change it when they
        /// sign in.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take the password away, end all sessions and print a one-time link.
    Reset {
        /// Email address.
        email: String,
    },
    /// Take the second step of signing in away from somebody who has lost their app and their recovery codes.
    SecondStepReset {
        /// Email address.
        email: String,
    },
    /// Set a new password, made up and printed; unless they are the only administrator, they must change it when they
    /// sign in.
    Password {
        /// Email address.
        email: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user these duties in the place of those before.
    Duties {
        /// Email address.
        email: String,
        /// As for `create`.
        #[arg(long = "duty")]
        duties: Vec<String>,
    },
    /// List users.
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminKey {
    /// Make a key; its secret is printed once.
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may do, for example feedback:write or messages:send (comma-separated).
        #[arg(long, value_delimiter = ',', default_value = "feedback:write")]
        scopes: Vec<String>,
        /// Last day, for example 2027-03-31; after it the key is refused. Without it there is no end.
        #[arg(long, value_name = "DAY")]
        last_day: Option<chrono::NaiveDate>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a key another secret, which is printed once.
    Rotate {
        /// Its id.
        id: String,
        /// Hours for which the secret before is taken too.
        #[arg(long, default_value_t = commonweal_app::govern::keys::OVERLAP_HOURS)]
        overlap_hours: u32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List keys.
    List,
    /// Open a key for client libraries of GOV.UK Notify; the key that they are told is printed once. One that was made before is
    /// refused from now on.
    Notify {
        /// Its id.
        id: String,
    },
    /// Take a key back.
    Revoke {
        /// Its id.
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminService {
    /// Add a service with its touchpoints, in the order in which people go through them.
    Add {
        /// Name.
        name: String,
        /// Touchpoints.
        #[arg(long, value_delimiter = ',')]
        touchpoints: Vec<String>,
    },
    /// List services.
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Tell whether the configuration can be used.
    Check,
    /// Print the configuration in force, passwords masked.
    Dump,
    /// Print the reference page.
    Reference,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Only what is quick: for health checks.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Also compare what the index counts with what the database holds.
    #[arg(long, conflicts_with = "quick")]
    pub(crate) deep: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// File with the sample data.
    #[arg(long, default_value = "sample-data/nhs-friends-and-family.csv")]
    pub(crate) sample: PathBuf,
    /// Address and port; the next free port is taken when it is in use.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
    /// Load the data and print the sign-in, but do not serve.
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// The reading engine alone: needs no data folder.
#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Standard input is CSV with headings, not one comment per line.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Column of the comments (with --csv; usually recognised).
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    pub(crate) comment: Option<String>,
    /// Column of the ratings (with --csv).
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    pub(crate) rating: Option<String>,
    /// Worst and best rating (with --rating).
    #[arg(long, value_name = "WORST,BEST", default_value = "1,5")]
    pub(crate) scale: String,
    /// Column of the question that was asked (with --csv).
    #[arg(long, value_name = "COLUMN", requires = "csv")]
    pub(crate) question_column: Option<String>,
    /// The question that was asked, for all comments.
    #[arg(long)]
    pub(crate) question: Option<String>,
    /// Codeframe file (JSON); the shipped one for public services otherwise.
    #[arg(long, value_name = "FILE")]
    pub(crate) codeframe: Option<PathBuf>,
    /// Language of all comments, for example en; found out for each otherwise.
    #[arg(long)]
    pub(crate) language: Option<String>,
}

/// Mail.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Say of each message what it is (bounce, complaint, reply …), about whom, and what a person wrote. Needs no data folder.
    Read(MailRead),
}

#[derive(Debug, Args)]
pub(crate) struct MailRead {
    /// Messages with their source (.eml), mailboxes (mbox), or folders of them.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print one JSON object per message.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Themes {
    /// Show the codeframe.
    List {
        /// Print it as a codeframe file.
        #[arg(long)]
        json: bool,
    },
    /// Add or change themes from a codeframe file (JSON).
    Put {
        /// The file: [{"key": …, "name": …, "description": …, "words": […]}].
        file: PathBuf,
        /// Name of the codeframe they belong to.
        #[arg(long, default_value = "Public services")]
        codeframe: String,
    },
    /// Read all comments again, after the codeframe or a model has changed.
    Reread,
    /// Find themes in the comments that a filter means.
    Discover {
        #[command(flatten)]
        filters: Filters,
        /// Name of the discovery.
        #[arg(long, default_value = "")]
        name: String,
        /// Number of themes; the comments decide otherwise.
        #[arg(long, short)]
        k: Option<usize>,
        /// Find them again for the last discovery (or the one with this id): what was decided there stays.
        #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "last")]
        again: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the themes of a discovery with comments to read first.
    Show(OfDiscovery),
    /// Give a theme of a discovery a name.
    Rename {
        /// Its key.
        key: String,
        /// Its name.
        name: String,
        #[command(flatten)]
        of: OfDiscovery,
    },
    /// Put themes of a discovery together under the first.
    Merge {
        /// Their keys.
        #[arg(required = true, num_args = 2..)]
        keys: Vec<String>,
        #[command(flatten)]
        of: OfDiscovery,
    },
    /// Part a theme of a discovery.
    Split {
        /// Its key.
        key: String,
        /// In how many.
        #[arg(long)]
        into: Option<usize>,
        #[command(flatten)]
        of: OfDiscovery,
    },
    /// Drop a theme of a discovery; it stays dropped when themes are found again.
    Drop {
        /// Its key.
        key: String,
        #[command(flatten)]
        of: OfDiscovery,
    },
    /// Take a theme of a discovery into the codeframe: comments that come in are coded by it.
    Accept {
        /// Its key.
        key: String,
        /// Its name; the one it has otherwise.
        #[arg(long)]
        name: Option<String>,
        /// Name of the codeframe.
        #[arg(long, default_value = "Public services")]
        codeframe: String,
        #[command(flatten)]
        of: OfDiscovery,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OfDiscovery {
    /// Id of the discovery; the last one otherwise.
    #[arg(long, value_name = "ID")]
    pub(crate) discovery: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Save what was learnt even when it does not read better.
    #[arg(long)]
    pub(crate) force: bool,
    /// Read all comments again afterwards.
    #[arg(long)]
    pub(crate) reread: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
