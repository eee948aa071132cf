//! Stylesheet, script and pictures.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_testkit::databases::TestDb;
use commonweal_web::http::assets::asset;

use crate::support::Server;

#[tokio::test]
async fn what_has_a_hash_in_its_name_is_kept_for_good() {
    let server = Server::on(TestDb::sqlite().await).await;
    let answer = server.nobody().get(&asset("console.css")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    let plain = server.nobody().get("/assets/console.css").await;
    assert_eq!(plain.body, answer.body);
    assert_eq!(plain.header("cache-control"), "no-cache", "the plain name stands for whatever is newest");
}

#[tokio::test]
async fn assets_are_sent_compressed_to_whoever_takes_them_so() {
    let server = Server::on(TestDb::sqlite().await).await;
    let plain = server.nobody().get(&asset("console.css")).await;
    for (accept, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")]
    {
        let request =
            server.nobody().request(Method::GET, &asset("console.css")).header(header::ACCEPT_ENCODING, accept);
        let answer = server.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        assert_eq!(answer.header("vary"), "Accept-Encoding");
        assert_eq!(answer.body.len() < plain.body.len(), !coding.is_empty());
    }
}

#[tokio::test]
async fn an_asset_that_is_not_there_is_not_found() {
    let server = Server::on(TestDb::sqlite().await).await;
    for path in ["/assets/nothing.css", "/assets/manifest.json", "/assets/..%2f..%2fCargo.toml", "/assets/.stamp"] {
        assert_eq!(server.nobody().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
