removed {
  from = aws_iam_role.forgotten

  lifecycle {
    destroy = false
  }
}

moved {
  from = aws_iam_role.old
  to   = aws_iam_role.new
}

removed {
  from = module.dropped
}

removed {
  from = module.child.aws_iam_user.left
}

import {
  to = aws_iam_role.imported["x"]
  id = "imported"
}

resource "aws_iam_role" "new" {
  name = "new"
}

module "child" {
  source = "./child"
}

check "health" {
  data "aws_iam_role" "scoped" {
    name = "x"
  }
}
