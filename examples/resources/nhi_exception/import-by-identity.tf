import {
  to = nhi_exception.legacy_bucket
  identity = {
    name = "checkout-legacy-bucket"
  }
}
