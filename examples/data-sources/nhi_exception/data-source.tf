# What an exception permits is granted as long as it is approved and has not ended. When it ends, the next plan takes the grant
# away, and nobody has to remember it.
data "nhi_exception" "legacy_bucket" {
  name = "checkout-legacy-bucket"
}

resource "terraform_data" "grant" {
  count = data.nhi_exception.legacy_bucket.active ? 1 : 0

  input = data.nhi_exception.legacy_bucket.permits.actions
}

output "legacy_bucket_standing" {
  value = data.nhi_exception.legacy_bucket.standing
}
