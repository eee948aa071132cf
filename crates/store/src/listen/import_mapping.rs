//! Settling how the file of an import is read.

use commonweal_domain::ImportId;
use commonweal_domain::import::Mapping;

use crate::connect::Store;
use crate::error::Result;

impl Store {
    /// Settles how the file of an import is read, as long as the import has not begun.
    pub async fn set_import_mapping(&self, id: ImportId, mapping: &Mapping) -> Result<()> {
        let _ = (id, mapping);
        crate::connect::unfinished()
    }
}
