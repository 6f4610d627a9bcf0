# A trust policy that follows the declared federation.
data "nhi_federation" "checkout" {
  name = "checkout-pipeline"
}

output "checkout_trust_policy" {
  value = provider::nhi::aws_trust_policy({
    issuer     = data.nhi_federation.checkout.issuer
    account_id = "111122223333"
    audiences  = data.nhi_federation.checkout.audiences["aws"]
    subjects   = data.nhi_federation.checkout.subject
  })
}
