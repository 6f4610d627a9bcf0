import {
  to = nhi_federation.checkout
  identity = {
    name = "checkout-pipeline"
  }
}
