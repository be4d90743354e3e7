# The service on ECS Fargate: no server to look after. A release that does not become
# healthy is taken back by ECS itself (deployment_circuit_breaker).
locals {
  name = "{{ cookiecutter.project_slug | replace("_", "-") }}-${var.environment}"
}

resource "aws_ecs_cluster" "service" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "service" {
  name              = "/ecs/${local.name}"
  retention_in_days = 365
}

# What starts the task may fetch the image and write the log; the task itself may nothing.
data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "start" {
  name_prefix        = substr(local.name, 0, 37)
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_ecs_task_definition" "service" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.start.arn
  volume {
    name = "events"
  }
  volume {
    name = "tmp"
  }
  container_definitions = jsonencode([{
    name                   = "model"
    image                  = var.image == "" ? "${aws_ecr_repository.service.repository_url}:none" : var.image
    essential              = true
    readonlyRootFilesystem = true
    user                   = "10001:10001"
    portMappings           = [{ containerPort = 8000 }]
    mountPoints = [
      { sourceVolume = "events", containerPath = "/app/events" },
      { sourceVolume = "tmp", containerPath = "/tmp" },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "model"
      }
    }
  }])
}

resource "aws_ecs_service" "service" {
  name                              = "model"
  cluster                           = aws_ecs_cluster.service.id
  task_definition                   = aws_ecs_task_definition.service.arn
  launch_type                       = "FARGATE"
  desired_count                     = var.image == "" ? 0 : var.replicas
  health_check_grace_period_seconds = 30
  wait_for_steady_state             = true
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.service.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.service.arn
    container_name   = "model"
    container_port   = 8000
  }
  depends_on = [aws_lb_listener.service]
}
