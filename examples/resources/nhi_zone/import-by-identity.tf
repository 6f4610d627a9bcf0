import {
  to = nhi_zone.build
  identity = {
    name = "build"
  }
}
