//! The citizen's pages over a whole city, for looking at them while working on them.
//!
//! `cargo run -p web --example hall -- 7272`, then http://127.0.0.1:7272/sign-in

use testkit::city::{Build, build};

#[tokio::main]
async fn main() -> Result<(), testkit::city::BuildError> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "7272".to_owned());
    let address = format!("127.0.0.1:{port}");
    let test = build(Build { base_url: format!("http://{address}"), ..Build::default() }).await?;
    // What was seeded before a mistake in a new matter is still worth looking at.
    match test.seed(1).await {
        Ok(seeded) => println!("{} cases, {} accounts", seeded.cases.len(), seeded.accounts),
        Err(error) => eprintln!("the past is not complete: {error}"),
    }
    test.clock.run();
    println!("http://{address}/sign-in");
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let service = test.router().into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).await?;
    Ok(())
}
