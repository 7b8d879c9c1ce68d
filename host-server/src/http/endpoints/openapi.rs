//! The OpenAPI document: `/openapi.json`, `/docs` and `frontrow openapi`. What can be asked is listed in
//! `operations`; the shapes are those of `view`, `wire` and `schemas`.

mod operations;

use super::{
    balance, concerts, figures, json, operations as operator, payments, reservations, view,
};
use crate::http::Endpoint;
use crate::problem::status_of;
use crate::{schemas, wire};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use operations::{ALWAYS, Body, Needs, OPERATIONS, Operation};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use utoipa::OpenApi;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, KnownFormat, PathItem, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa_swagger_ui::Config;
use warp::reply::Response;
use warp::{Filter, Reply};

/// Where the document is.
const DOCUMENT_PATH: &str = "/openapi.json";
const BEARER: &str = "bearer";
const QUEUE_TOKEN: &str = "queue_token";

/// The reader's own page is trusted, and nothing from elsewhere; its styles are inline.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(title = "Frontrow", description = "A waiting room and a box office."),
    components(schemas(
        view::ConcertView, view::ScheduleView, view::SeatMapView, view::QueueTokenView,
        view::ReservationView, view::PaymentView, view::BalanceView, view::ChargeView,
        view::LedgerView, figures::FiguresView, operator::DemoSession, operator::Health,
        wire::NewConcert, concerts::NewDraw, wire::NewSchedule, reservations::NewReservation, payments::NewPayment,
        balance::NewCharge, schemas::ConcertChange, schemas::AuditReport, schemas::Problem,
    )),
    tags(
        (name = "concerts", description = "Concerts and their schedules"),
        (name = "queue", description = "Joining a queue, waiting, leaving"),
        (name = "seats", description = "What an active queue token opens"),
        (name = "balance", description = "Money; no queue token is asked for"),
        (name = "payments", description = "Paying for held seats"),
        (name = "operations", description = "For those who run the server"),
    ),
)]
struct Base;

/// The document that is served; made when it is asked for first.
static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(document);

/// The whole document.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    for operation in OPERATIONS {
        let item = PathItem::new(operation.method.clone(), described(operation));
        document.paths.paths.entry(operation.path.to_owned()).or_default().merge_operations(item);
    }
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    let header = "X-Queue-Token";
    let queue_token =
        ApiKeyValue::with_description(header, "Given in the answer to joining a queue");
    components
        .add_security_scheme(QUEUE_TOKEN, SecurityScheme::ApiKey(ApiKey::Header(queue_token)));
    document
}

/// The document as JSON text, indented.
pub fn document_text() -> String {
    serde_json::to_string_pretty(&document()).expect("a document of strings and numbers is JSON")
}

fn described(operation: &Operation) -> OperationBuilder {
    let mut builder = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(operation.tag)
        .summary(Some(operation.summary));
    for name in path_parameters(operation.path) {
        builder = builder.parameter(path_parameter(name));
    }
    for name in operation.query {
        builder = builder.parameter(query_parameter(name));
    }
    if operation.needs.contains(&Needs::IdempotencyKey) {
        builder = builder.parameter(idempotency_key());
    }
    if let Some(requirement) = security(operation.needs) {
        builder = builder.security(requirement);
    }
    if let Some(name) = operation.body {
        let content = Content::new(Some(Ref::from_schema_name(name)));
        let body = RequestBodyBuilder::new().content("application/json", content);
        builder = builder.request_body(Some(body.required(Some(Required::True)).build()));
    }
    for (status, what, body) in operation.answers {
        let mut response = ResponseBuilder::new().description(*what);
        if let Some((kind, schema)) = answer(*body) {
            response = response.content(kind, Content::new(Some(schema)));
        }
        builder = builder.response(status.to_string(), response.build());
    }
    for (status, codes) in problems(operation) {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new()
            .description(codes.join(", "))
            .content("application/problem+json", content);
        builder = builder.response(status.as_u16().to_string(), response.build());
    }
    builder
}

/// The codes that an operation can be refused with, by status.
fn problems(operation: &Operation) -> BTreeMap<StatusCode, Vec<String>> {
    let mut by_status: BTreeMap<StatusCode, Vec<String>> = BTreeMap::new();
    let needed = operation.needs.iter().flat_map(|needs| needs.problems());
    let usual = needed.chain(operation.problems).chain(ALWAYS);
    let usual = usual.map(|code| (status_of(code), *code));
    let not_found = operation.not_found.iter().map(|code| (StatusCode::NOT_FOUND, *code));
    for (status, code) in usual.chain(not_found) {
        let codes = by_status.entry(status).or_default();
        let named = format!("`{code}`");
        if !codes.contains(&named) {
            codes.push(named);
        }
    }
    by_status
}

fn security(needs: &[Needs]) -> Option<SecurityRequirement> {
    let none: [&str; 0] = [];
    let bearer =
        needs.iter().any(|needs| matches!(needs, Needs::User | Needs::Admin | Needs::Caller));
    match (bearer, needs.contains(&Needs::QueueToken)) {
        (true, true) => Some(SecurityRequirement::new(BEARER, none).add(QUEUE_TOKEN, none)),
        (true, false) => Some(SecurityRequirement::new(BEARER, none)),
        (false, true) => Some(SecurityRequirement::new(QUEUE_TOKEN, none)),
        (false, false) => None,
    }
}

/// Media type and shape of an answer.
fn answer(body: Body) -> Option<(&'static str, RefOr<Schema>)> {
    let json = "application/json";
    match body {
        Body::Nothing => None,
        Body::Json(name) => Some((json, Ref::from_schema_name(name).into())),
        Body::List(name) => {
            let cursor = SchemaType::from_iter([Type::String, Type::Null]);
            let list = ObjectBuilder::new()
                .property("data", ArrayBuilder::new().items(Ref::from_schema_name(name)))
                .required("data")
                .property("next_cursor", ObjectBuilder::new().schema_type(cursor))
                .required("next_cursor");
            Some((json, list.into()))
        }
        Body::Text => Some(("text/plain", ObjectBuilder::new().schema_type(Type::String).into())),
        Body::Events => {
            Some(("text/event-stream", ObjectBuilder::new().schema_type(Type::String).into()))
        }
        Body::AnyJson => {
            Some((json, ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()))
        }
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Parameter {
    let uuid = SchemaFormat::KnownFormat(KnownFormat::Uuid);
    let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(uuid));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(schema))
        .build()
}

fn query_parameter(name: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let (schema, what) = match name {
        "limit" => {
            let number = ObjectBuilder::new().schema_type(Type::Integer);
            let bounded = number.minimum(Some(1)).maximum(Some(100)).default(Some(50.into()));
            (bounded, "Rows at most")
        }
        "cursor" => (text, "`next_cursor` of the part before"),
        _ => {
            let either = text.enum_values(Some(["available", "all"]));
            (either.default(Some("available".into())), "Which seats")
        }
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(what))
        .schema(Some(schema))
        .build()
}

fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[ -~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("Your name for this request: the same one gets the same answer"))
        .schema(Some(schema))
        .build()
}

/// `GET /openapi.json`
pub(super) fn openapi_json() -> Endpoint {
    warp::path!("openapi.json")
        .and(warp::get())
        .then(async || json(StatusCode::OK, &*DOCUMENT))
        .boxed()
}

/// `GET /docs` and the files of its page
pub(super) fn docs() -> Endpoint {
    let config = Arc::new(Config::from(DOCUMENT_PATH));
    // The page's own links are relative to a folder.
    let folder = warp::path!("docs").and(warp::path::full()).and(warp::get()).and_then(
        async |path: warp::path::FullPath| match path.as_str() {
            "/docs" => Ok(moved("/docs/")),
            _ => Err(warp::reject::not_found()),
        },
    );
    let files = warp::path("docs")
        .and(warp::path::tail())
        .and_then(move |tail: warp::path::Tail| {
            let file = utoipa_swagger_ui::serve(tail.as_str(), Arc::clone(&config));
            let page = file.ok().flatten().map(page);
            async move { page.ok_or_else(warp::reject::not_found) }
        })
        .and(warp::get())
        .map(|page: Response| page);
    folder.or(files).unify().boxed()
}

fn moved(to: &'static str) -> Response {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(to));
    response
}

fn page(file: utoipa_swagger_ui::SwaggerFile<'_>) -> Response {
    let mut response = Response::new(file.bytes.into_owned().into());
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&file.content_type) {
        headers.insert(CONTENT_TYPE, kind);
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_POLICY));
    response
}

#[cfg(test)]
mod tests;
