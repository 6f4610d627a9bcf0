import {
  to = nhi_elevation.repair
  identity = {
    name = "repair-production"
  }
}
