//! Who gets in: the holder of the announced certificate, and nobody else.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use p521::ecdsa::signature::Signer as _;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion};
use tonic::{Code, Status};

use crate::host::{Host, secure};
use crate::wire::plugin::Empty;
use crate::wire::plugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::tfplugin6::get_provider_schema;
use crate::wire::tfplugin6::provider_client::ProviderClient;

/// A certificate and the key to it.
struct Holder {
    certificate: CertificateDer<'static>,
    key: Arc<dyn SigningKey>,
}

impl Holder {
    fn new(algorithm: &'static rcgen::SignatureAlgorithm) -> Self {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap().der().clone();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Self { certificate, key: ring::sign::any_supported_type(&private).unwrap() }
    }

    /// As Terraform makes it: P-521, self-signed, and an authority.
    fn like_terraform() -> Self {
        let mut scalar = [7; 66];
        scalar[0] = 0;
        let key = p521::ecdsa::SigningKey::from_slice(&scalar).unwrap();
        let certificate = CertificateDer::from(der::self_signed(&key));
        Self { certificate, key: Arc::new(P521Key(key)) }
    }

    fn pem(&self) -> String {
        let body = STANDARD.encode(&self.certificate);
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }
}

#[derive(Clone)]
struct P521Key(p521::ecdsa::SigningKey);

impl std::fmt::Debug for P521Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("P521Key")
    }
}

impl SigningKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.scheme()).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signature: p521::ecdsa::Signature = self.0.sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// Just enough DER to write down a certificate.
mod der {
    use p521::ecdsa::signature::Signer as _;
    use p521::ecdsa::{Signature, SigningKey, VerifyingKey};

    fn tagged(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let body = parts.concat();
        let mut out = vec![tag];
        match body.len() {
            short @ 0..128 => out.push(u8::try_from(short).unwrap()),
            middle @ 128..256 => out.extend([0x81, u8::try_from(middle).unwrap()]),
            long => {
                out.push(0x82);
                out.extend(u16::try_from(long).unwrap().to_be_bytes());
            }
        }
        out.extend(body);
        out
    }

    fn sequence(parts: &[&[u8]]) -> Vec<u8> {
        tagged(0x30, parts)
    }

    fn oid(bytes: &[u8]) -> Vec<u8> {
        tagged(0x06, &[bytes])
    }

    fn bits(bytes: &[u8]) -> Vec<u8> {
        tagged(0x03, &[&[0], bytes])
    }

    pub(super) fn self_signed(key: &SigningKey) -> Vec<u8> {
        let algorithm = sequence(&[&oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04])]);
        let common_name = sequence(&[&oid(&[0x55, 0x04, 0x03]), &tagged(0x0c, &[b"localhost"])]);
        let name = sequence(&[&tagged(0x31, &[&common_name])]);
        let validity = sequence(&[&tagged(0x17, &[b"200101000000Z"]), &tagged(0x17, &[b"490101000000Z"])]);
        let curve = sequence(&[
            &oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
            &oid(&[0x2b, 0x81, 0x04, 0x00, 0x23]),
        ]);
        let point = VerifyingKey::from(key).to_encoded_point(false);
        let public = sequence(&[&curve, &bits(point.as_bytes())]);
        // Basic constraints, critical: an authority.
        let authority = sequence(&[
            &oid(&[0x55, 0x1d, 0x13]),
            &[0x01, 0x01, 0xff],
            &tagged(0x04, &[&sequence(&[&[0x01, 0x01, 0xff]])]),
        ]);
        let extensions = tagged(0xa3, &[&sequence(&[&authority])]);
        let version = tagged(0xa0, &[&[0x02, 0x01, 0x02]]);
        let body = sequence(&[
            &version,
            &[0x02, 0x01, 0x01],
            &algorithm,
            &name,
            &validity,
            &name,
            &public,
            &extensions,
        ]);
        let signature: Signature = key.sign(&body);
        sequence(&[&body, &algorithm, &bits(signature.to_der().as_bytes())])
    }
}

fn client(host: &Host, holder: Option<Holder>, version: &'static SupportedProtocolVersion) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let certificate = STANDARD_NO_PAD.decode(host.fields()[5]).unwrap();
    roots.add(CertificateDer::from(certificate)).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match holder {
        Some(Holder { certificate, key }) => {
            let certified = CertifiedKey::new(vec![certificate], key);
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// Starts a provider that expects `announced`, calls it as `shown`, and says how the call ended.
async fn call(
    announced: &str,
    shown: Option<Holder>,
    version: &'static SupportedProtocolVersion,
) -> Result<(), Status> {
    let host = Host::start(&[("PLUGIN_CLIENT_CERT", announced)]);
    let channel = secure(&host.socket(), client(&host, shown, version));
    let answer =
        ProviderClient::new(channel.clone()).get_provider_schema(get_provider_schema::Request {}).await;
    let left = GrpcControllerClient::new(channel).shutdown(Empty {}).await;
    assert_eq!(left.is_ok(), answer.is_ok(), "who is refused can do nothing");
    if answer.is_ok() {
        assert!(host.wait().status.success());
    } else {
        let stopped = std::process::Command::new("kill").arg(host.id().to_string()).status().unwrap();
        assert!(stopped.success());
        assert!(host.wait().stderr.contains("a client was refused"));
    }
    answer.map(drop)
}

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

#[tokio::test]
async fn the_announced_certificate_is_accepted() {
    for version in VERSIONS {
        for algorithm in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
            let holder = Holder::new(algorithm);
            call(&holder.pem(), Some(holder), version).await.unwrap();
        }
        let holder = Holder::like_terraform();
        call(&holder.pem(), Some(holder), version).await.unwrap();
    }
}

#[tokio::test]
async fn no_certificate_is_refused() {
    for version in VERSIONS {
        let refused = call(&Holder::like_terraform().pem(), None, version).await.unwrap_err();
        assert_ne!(refused.code(), Code::Unimplemented, "{refused}");
    }
}

#[tokio::test]
async fn another_certificate_is_refused() {
    for version in VERSIONS {
        let announced = Holder::new(&PKCS_ECDSA_P256_SHA256).pem();
        call(&announced, Some(Holder::new(&PKCS_ECDSA_P256_SHA256)), version).await.unwrap_err();
        call(&announced, Some(Holder::like_terraform()), version).await.unwrap_err();
    }
}

#[tokio::test]
async fn the_certificate_without_its_key_is_refused() {
    for version in VERSIONS {
        let owner = Holder::new(&PKCS_ECDSA_P256_SHA256);
        let thief = Holder { certificate: owner.certificate.clone(), ..Holder::new(&PKCS_ECDSA_P256_SHA256) };
        call(&owner.pem(), Some(thief), version).await.unwrap_err();

        let owner = Holder::like_terraform();
        let other = p521::ecdsa::SigningKey::from_slice(&[1; 66].map(|byte: u8| byte & 1)).unwrap();
        let thief = Holder { certificate: owner.certificate.clone(), key: Arc::new(P521Key(other)) };
        call(&owner.pem(), Some(thief), version).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_plain_client_gets_nowhere() {
    let host = Host::start(&[("PLUGIN_CLIENT_CERT", &Holder::like_terraform().pem())]);
    let channel = host.connect().await;
    ProviderClient::new(channel).get_provider_schema(get_provider_schema::Request {}).await.unwrap_err();
    assert!(std::process::Command::new("kill").arg(host.id().to_string()).status().unwrap().success());
    host.wait();
}
