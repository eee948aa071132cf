//! What the typesetter may see: the one page that describes a letter, the values of this one, and our fonts. No disk, no network, no
//! packages, no clock, no fonts of the system.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::{BOOK, FONTS};

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));
static MAIN: LazyLock<Option<Source>> =
    LazyLock::new(|| Some(Source::new(id("letter.typ")?, include_str!("letter.typ").to_owned())));
static VALUES: LazyLock<Option<FileId>> = LazyLock::new(|| id("letter.json"));

fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// What there is for one letter.
pub(crate) struct Desk {
    main: Source,
    values: Bytes,
}

impl Desk {
    /// With the values of a letter, as JSON. Nothing where its own page can't be named, which no letter causes.
    pub(crate) fn new(values: Vec<u8>) -> Option<Self> {
        Some(Self { main: MAIN.clone()?, values: Bytes::new(values) })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if Some(id) == *VALUES { Ok(self.values.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
