//! The services that stand beside the provider's on the same listener.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_stream::StreamExt as _;
use tonic::codegen::BoxStream;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};

use crate::generated::health::health_check_response::ServingStatus;
use crate::generated::health::health_server::{Health, HealthServer};
use crate::generated::health::{HealthCheckRequest, HealthCheckResponse};
use crate::generated::plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::generated::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::generated::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::generated::plugin::{ConnInfo, Empty, StdioData};

/// Adds the services to `router`; `leave` is told when the host wants the process gone.
pub(super) fn beside(router: Router, leave: &Arc<Notify>) -> Router {
    router
        .add_service(GrpcControllerServer::new(Controller { leave: Arc::clone(leave) }))
        .add_service(GrpcBrokerServer::new(Broker))
        .add_service(GrpcStdioServer::new(Stdio))
        .add_service(HealthServer::new(Healthy))
}

/// Ends the process.
struct Controller {
    leave: Arc<Notify>,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.leave.notify_one();
        Ok(Response::new(Empty {}))
    }
}

/// Has no further connections to offer, and listens politely.
struct Broker;

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        Ok(Response::new(Box::pin(request.into_inner().filter_map(|_| None))))
    }
}

/// Prints nothing, as long as the process lives.
struct Stdio;

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(Box::pin(tokio_stream::pending())))
    }
}

/// Serves, for as long as there is anyone to ask.
struct Healthy;

fn state(request: &Request<HealthCheckRequest>) -> Result<HealthCheckResponse, Status> {
    match request.get_ref().service.as_str() {
        "" | "plugin" | "tfplugin6.Provider" => {
            Ok(HealthCheckResponse { status: ServingStatus::Serving.into() })
        }
        other => Err(Status::not_found(format!("there is no service `{other}`"))),
    }
}

#[tonic::async_trait]
impl Health for Healthy {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        state(&request).map(Response::new)
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<BoxStream<HealthCheckResponse>>, Status> {
        let unknown = HealthCheckResponse { status: ServingStatus::ServiceUnknown.into() };
        let now = state(&request).unwrap_or(unknown);
        Ok(Response::new(Box::pin(tokio_stream::once(Ok(now)).chain(tokio_stream::pending()))))
    }
}
