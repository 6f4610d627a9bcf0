# A reviewer looked at an identity: `terraform apply -invoke=action.nhi_attest_review.deploy`.
action "nhi_attest_review" "deploy" {
  config {
    review   = "rest-yearly"
    identity = "checkout-deploy"
    outcome  = "keep"
    note     = "Still deploys the checkout service, with the same rights."
  }
}
