# Every federation of one identity.
list "nhi_federation" "deploy" {
  provider = nhi

  config {
    identity = "checkout-deploy"
  }
}
