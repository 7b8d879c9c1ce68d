//! probe
use crate::stage::*;
use serde_json::json;
#[tokio::test]
async fn probe() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let a = user.post(&sale.reservations_path(), &json!({ "best": [2] })).await;
    println!("best list: {} {}", a.status, a.body);
    let a = sale.admin.post("/v1/concerts", &json!({ "title": "x", "admission": [10, 1, 600, null, 180, false] })).await;
    println!("admission list: {} {}", a.status, a.body);
    for p in ["/v1/concerts/", "/healthz/", "/v1/queue-tokens/current/", "/v1/%63oncerts", "/v1/concerts?"] {
        let a = user.get(p).await;
        println!("{p}: {} {}", a.status, a.code());
    }
    for p in ["/v1/queue-tokens/current/events", "/metrics", "/openapi.json", "/docs", "/"] {
        let a = user.get(p).await;
        println!("{p}: {} {}", a.status, a.code());
        let a = user.delete(p).await;
        println!("DELETE {p}: {} {} allow {:?}", a.status, a.code(), a.header("allow"));
    }
    let a = user.get(&format!("/v1/concerts/{{{}}}", sale.concert_id)).await;
    println!("braced: {} {}", a.status, a.code());
    let a = user.get(&format!("/v1/concerts/{}", sale.concert_id.replace('-', ""))).await;
    println!("simple: {} {}", a.status, a.code());
    let a = user.get(&format!("/v1/concerts/{}", sale.concert_id.to_uppercase())).await;
    println!("upper: {} {}", a.status, a.code());
    let a = user.get(&format!("{}?limit=0", sale.schedules_path())).await;
    println!("schedules limit=0: {} {}", a.status, a.code());
    let a = user.clone().with("if-none-match", "*").get(&sale.seats_path()).await;
    println!("inm *: {}", a.status);
    let a = user.clone().with("accept", "text/html").get("/v1/nothing").await;
    println!("accept html: {} {}", a.status, a.header("content-type"));
    let a = sale.admin.post("/v1/concerts", &with(concert(), &json!({"sale_opens_at": "2026-11-22T11:00:00.123456789Z"}))).await;
    println!("nanos: {} {}", a.status, a.body["sale_opens_at"]);
    let a = sale.admin.post("/v1/concerts", &with(concert(), &json!({"sale_opens_at": "2026-12-31T23:59:60Z"}))).await;
    println!("leap: {} {}", a.status, a.body["sale_opens_at"]);
    let a = user.clone().with("authorization", "").hold(&sale.schedule_id, &[1]).await;
    println!("empty auth: {} {}", a.status, a.code());
}
