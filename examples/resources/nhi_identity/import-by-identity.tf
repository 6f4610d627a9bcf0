import {
  to = nhi_identity.deploy
  identity = {
    name = "checkout-deploy"
  }
}
