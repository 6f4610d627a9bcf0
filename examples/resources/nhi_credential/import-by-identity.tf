import {
  to = nhi_credential.mirror
  identity = {
    name = "checkout-mirror-password"
  }
}
