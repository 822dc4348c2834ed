//! The one file that speaks status codes: a refusal's stable code becomes an answer.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use essor_app::Error;
use essor_domain::{Code, Invalid};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a handler answers when it refuses or fails.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Failure(invalid.into())
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Failure(code.into())
    }
}

/// A handler's result.
pub type Answer<T> = Result<T, Failure>;

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What was refused.
    pub error: ProblemDetail,
}

/// The stable code, its parameters, and the request's id for the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDetail {
    /// A stable, documented code.
    pub code: &'static str,
    /// What the sentence needs: `field`, limits, values.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// The request's id, as in the log.
    pub request_id: String,
}

/// The status of each code.
pub fn status(code: Code) -> StatusCode {
    match code {
        Code::NotFound | Code::ClientsFileMissing => StatusCode::NOT_FOUND,
        Code::Forbidden
        | Code::ClientsNoteNotYours
        | Code::CrossSite
        | Code::IdentityScopeMissing
        | Code::JourneyActionNotYours
        | Code::IdentityDemoReadOnly => StatusCode::FORBIDDEN,
        Code::IdentityNotSignedIn
        | Code::IdentityBadCredentials
        | Code::IdentityTokenInvalid
        | Code::UsageKeyInvalid => StatusCode::UNAUTHORIZED,
        Code::IdentityLinkInvalid | Code::IdentityWorkspaceUnknown | Code::JourneyNone | Code::JourneyShareUnknown => {
            StatusCode::NOT_FOUND
        }
        Code::SurveysLinkOver | Code::JourneyShareOver => StatusCode::GONE,
        Code::TooLarge | Code::ConnectorsWorkbookTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RateLimited | Code::IdentityTooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::StorageUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Code::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Code::Conflict
        | Code::IdempotencyMismatch
        | Code::IdempotencyInProgress
        | Code::IdentityMemberExists
        | Code::IdentityLastOwner
        | Code::IdentityWorkspaceExists
        | Code::IdentityLastWorkspace
        | Code::IdentityInvitationAccepted
        | Code::GrowthCurrencyFixed
        | Code::OpportunitiesStep
        | Code::JourneyExists
        | Code::JourneyNotReady
        | Code::JourneySegmentTaken
        | Code::JourneyTemplateBuiltIn
        | Code::ClientsBulkState
        | Code::ClientsMergeSelf
        | Code::ClientsMergeFamily
        | Code::ClientsMergeGone
        | Code::ClientsGone
        | Code::ClientsNotInTrash
        | Code::ClientsErased
        | Code::ClientsFilesFull
        | Code::ConnectorsImportState
        | Code::SurveysSent
        | Code::SurveysClosed
        | Code::ClientsFieldExists => StatusCode::CONFLICT,
        Code::BadRequest | Code::UsageInvalidJson | Code::UsageGzipInvalid | Code::CursorInvalid => {
            StatusCode::BAD_REQUEST
        }
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // Everything else is a value that breaks a rule.
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.0.code();
        let request_id = super::request_id::current();
        if matches!(code, Code::Internal | Code::StorageUnavailable) {
            tracing::error!(code = code.as_str(), request_id, error = %self.0, "request failed");
        }
        let params = self.0.params();
        let wait = params.get("retryAfterSeconds").and_then(Value::as_i64);
        let wait = wait.or((code == Code::StorageUnavailable).then_some(5));
        let body = Problem { error: ProblemDetail { code: code.as_str(), params, request_id } };
        let mut response = (status(code), Json(body)).into_response();
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.max(0) as u64));
        }
        if code == Code::UsageKeyInvalid {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"essor\""));
        }
        response
    }
}
