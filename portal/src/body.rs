//! A JSON body of the API: what does not read is a problem document like any other refusal.

use crate::{App, error::ApiError};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use protocol::{Code, limits};
use serde::de::DeserializeOwned;

pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, app).await.map_err(|_| Code::BadRequest)?;
        if bytes.len() > limits::JSON_BYTES {
            return Err(Code::TooLarge.into());
        }
        serde_json::from_slice(&bytes).map(Json).map_err(|_| Code::BadRequest.into())
    }
}
