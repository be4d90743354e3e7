output "registry" {
  description = "Push the image here: make image-push TAG=<this>/model:<tag>."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.service.repository_id}"
}

output "artifacts" {
  description = "The bucket of the tracking store and of DVC's remote."
  value       = "gs://${google_storage_bucket.artifacts.name}"
}

output "address" {
  description = "Where the service answers, once there is an image."
  value       = one(google_cloud_run_v2_service.service[*].uri)
}
