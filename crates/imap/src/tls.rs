//! What makes a connection secret, and whose certificate is wanted.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Makes a connection secret. Certificates of public authorities, and of those given, are believed.
pub(crate) async fn secret(
    stream: TcpStream,
    host: &str,
    extra_ca: Option<&[u8]>,
) -> Result<TlsStream<TcpStream>, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in extra_ca.into_iter().flat_map(CertificateDer::pem_slice_iter) {
        let added = certificate.ok().and_then(|certificate| roots.add(certificate).ok());
        added.ok_or("The file of certificate authorities holds something that is no certificate in PEM.")?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| format!("TLS can’t be set up: {e}."))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| "No certificate can be for this host.")?;
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|e| format!("The connection to the mailbox could not be made secret: {e}."))
}
