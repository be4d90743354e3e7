output "registry" {
  description = "Push the image here: make image-push TAG=<this>:<tag>."
  value       = aws_ecr_repository.service.repository_url
}

output "artifacts" {
  description = "The bucket of the tracking store and of DVC's remote."
  value       = "s3://${aws_s3_bucket.artifacts.bucket}"
}

output "address" {
  description = "Point the certificate's name here."
  value       = aws_lb.service.dns_name
}
