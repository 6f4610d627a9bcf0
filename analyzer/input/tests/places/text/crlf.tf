resource "aws_iam_role" "bom" {
	name = "ümläut" 
	tags = {
		"Ä" = "1", owner = "x"
	}
}

resource "aws_iam_user" "last" {
  path = <<EOT
x
EOT
}