//! `aws_trust_policy`: the trust policy of a role for a federation.

use nhi_identity::trust::{DEFAULT_AUDIENCE, Trust};
use nhi_proto::{Arguments, Function, FunctionError, Signature, Type};

use super::options::{Known, Options, attributes, parameter};

/// `provider::nhi::aws_trust_policy({ … })`.
pub(super) struct AwsTrustPolicy;

const KNOWN: [Known; 8] = [
    ("issuer", "the issuer's address, `https://token.actions.githubusercontent.com`."),
    ("account_id", "the account that the issuer is registered in as an identity provider, `111122223333`."),
    (
        "provider_arn",
        "the registered provider itself, instead of `account_id`; the issuer follows from it. The answer is then unknown as \
         long as the ARN is.",
    ),
    ("partition", "`aws`, `aws-cn` or `aws-us-gov`; `aws` without it."),
    ("audiences", "whom the tokens are meant for, one text or several; `sts.amazonaws.com` without it."),
    ("subjects", "who may assume the role, one text or several, compared letter by letter."),
    (
        "subject_patterns",
        "who may assume the role, as patterns with `*` and `?`. Before its first wildcard a pattern has to name whose \
         workloads it means, `repo:acme/*`.",
    ),
    (
        "claims",
        "an object of further claims that a token has to carry, each with one value or several of which one must fit: \
         `{ repository_id = \"456789\" }`. Of GitHub's claims those are taken that AWS compares.",
    ),
];

impl Function for AwsTrustPolicy {
    type Answer = String;

    fn name(&self) -> &'static str {
        "aws_trust_policy"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers the JSON text of a policy for `assume_role_policy` of an `aws_iam_role`: it lets tokens of one issuer, \
             meant for the audience (`{DEFAULT_AUDIENCE}`), assume the role when their subject is one of those named, and \
             nobody else. Every condition demands its claim to be there: no `…IfExists`, no `ForAllValues`. A policy that \
             would let in every token of an issuer, or tenants of it that are strangers, is refused.\n\nThe object has \
             `issuer` with `account_id`, or `provider_arn`; and `subjects`, `subject_patterns` or both:\n{}",
            attributes(&KNOWN)
        );
        Signature::new("Writes the trust policy of an AWS role for a federation.", Type::String)
            .describe(&description)
            .parameter(parameter("federation", "whom to trust, and what their tokens have to say"))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let options = Options::of(arguments, "federation", &KNOWN)?;
        let several = |name: &str| options.texts(name).map(Option::unwrap_or_default);
        let trust = Trust {
            issuer: options.text("issuer")?,
            account_id: options.text("account_id")?,
            provider_arn: options.text("provider_arn")?,
            partition: options.text("partition")?,
            audiences: several("audiences")?,
            subjects: several("subjects")?,
            subject_patterns: several("subject_patterns")?,
            claims: options.texts_by_key("claims")?,
        };
        trust.document().map_err(|error| options.wrong(error.to_string()))
    }
}
