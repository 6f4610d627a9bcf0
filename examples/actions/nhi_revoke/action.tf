# `terraform apply -invoke=action.nhi_revoke.legacy_bucket`: from the next plan on, what the exception permitted is gone.
action "nhi_revoke" "legacy_bucket" {
  config {
    kind   = "exception"
    name   = "checkout-legacy-bucket"
    reason = "The migration was quicker than expected."
  }
}
