import {
  to = nhi_freeze.year_end
  identity = {
    name = "year-end-2027"
  }
}
