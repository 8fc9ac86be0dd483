//! Duplicates: what is found, and what stays out.

use crate::{curation::Desk, support::Database};
use serde_json::Value;

#[actix_web::test]
async fn of_the_shipped_directory() {
    let desk = Desk::over(Database::full().await).await;
    let page: Value = desk.get("Ed", "/v1/duplicates?per_page=100").await;
    for pair in page["contents"].as_array().unwrap() {
        println!("{} {} {} | {} | {}", pair["strength"], pair["resource"], pair["one"]["slug"], pair["other"]["slug"],
          pair["evidence"].as_array().unwrap().iter().map(|e| e["sentence"].as_str().unwrap()).collect::<Vec<_>>().join(" "));
    }
    println!("{}", page["total_items"]);
}
