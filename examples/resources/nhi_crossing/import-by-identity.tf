import {
  to = nhi_crossing.promote
  identity = {
    name = "promote-fraud-model"
  }
}
