import {
  to = nhi_break_glass.cluster
  identity = {
    name = "cluster-emergency"
  }
}
