//! Mutual TLS with the host: it must show the very certificate it announced, and prove that it has the key.

use std::io;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, SignatureVerificationAlgorithm, UnixTime,
};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

use super::listen::Connection;
use super::p521::EcdsaP521;

/// Why no secure connection can be offered.
#[derive(Debug, Error)]
pub enum TlsError {
    /// Our own certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The two sides do not fit.
    #[error("cannot set up mutual TLS: {0}")]
    Setup(#[from] rustls::Error),
}

/// Our side of the secure connection.
#[derive(Clone)]
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    certificate: CertificateDer<'static>,
}

impl Tls {
    /// A side that talks only to the holder of the certificate `host`, given in DER.
    pub(super) fn pinned_to(host: &[u8]) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()])?;
        parameters.is_ca = IsCa::NoCa;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = parameters.self_signed(&key)?.der().clone();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));

        let crypto =
            CryptoProvider { signature_verification_algorithms: algorithms(), ..ring::default_provider() };
        let pinned = Arc::new(Pinned { host: CertificateDer::from(host.to_vec()) });
        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(pinned)
            .with_single_cert(vec![certificate.clone()], private)?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        // The host connects once; nothing is ever resumed.
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// Our certificate as the handshake carries it.
    pub(super) fn certificate_field(&self) -> String {
        STANDARD_NO_PAD.encode(&self.certificate)
    }

    /// Secures a connection, or says why it is refused.
    pub(super) async fn secure(&self, stream: Connection) -> io::Result<Connection> {
        Ok(Connection::new(self.acceptor.accept(stream).await?))
    }
}

static ALL: LazyLock<Vec<&'static dyn SignatureVerificationAlgorithm>> = LazyLock::new(|| {
    let ring = ring::default_provider().signature_verification_algorithms;
    ring.all.iter().copied().chain([&EcdsaP521 as &dyn SignatureVerificationAlgorithm]).collect()
});

type Schemes = (SignatureScheme, &'static [&'static dyn SignatureVerificationAlgorithm]);

static BY_SCHEME: LazyLock<Vec<Schemes>> = LazyLock::new(|| {
    let ring = ring::default_provider().signature_verification_algorithms;
    let p521: &'static [&'static dyn SignatureVerificationAlgorithm] = &[&EcdsaP521];
    [(SignatureScheme::ECDSA_NISTP521_SHA512, p521)].into_iter().chain(ring.mapping.iter().copied()).collect()
});

/// What ring checks, and P-521: Terraform uses that, other hosts use other keys.
fn algorithms() -> WebPkiSupportedAlgorithms {
    WebPkiSupportedAlgorithms { all: &ALL, mapping: &BY_SCHEME }
}

/// Accepts one certificate and no other. No chain is built: the certificate was told to us by the process
/// that started us, which is all the trust there is to have.
#[derive(Debug)]
struct Pinned {
    host: CertificateDer<'static>,
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if shown.as_ref() == self.host.as_ref() {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}
