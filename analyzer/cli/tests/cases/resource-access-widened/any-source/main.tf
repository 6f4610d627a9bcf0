resource "aws_lambda_permission" "bucket" {
  statement_id  = "bucket"
  function_name = "resize"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}
