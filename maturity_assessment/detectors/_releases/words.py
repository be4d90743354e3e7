"""The commands and actions that release or publish something, by their words."""

import re

# The program, and words that follow it in this order among those that are no options.
VERBS: tuple[tuple[str, ...], ...] = tuple(tuple(line.split()) for line in """
    kubectl apply
    kubectl create
    kubectl replace
    kubectl patch
    kubectl set image
    kubectl rollout restart
    oc apply
    oc rollout
    oc new-app
    oc start-build
    helm upgrade
    helm install
    helmfile apply
    helmfile sync
    skaffold run
    skaffold deploy
    werf converge
    kapp deploy
    argocd app sync
    argocd app set
    flux reconcile
    gcloud run deploy
    gcloud run services replace
    gcloud run services update
    gcloud run services update-traffic
    gcloud run jobs deploy
    gcloud run jobs update
    gcloud app deploy
    gcloud functions deploy
    gcloud ai endpoints deploy-model
    gcloud deploy releases create
    gcloud composer environments storage dags import
    gcloud compute instances update-container
    gcloud compute instances create-with-container
    az webapp deploy
    az webapp up
    az webapp config container set
    az webapp restart
    az webapp deployment
    az containerapp up
    az containerapp update
    az containerapp create
    az container create
    az functionapp deployment
    az functionapp deploy
    az ml online-endpoint create
    az ml online-endpoint update
    az ml online-deployment create
    az ml online-deployment update
    az ml batch-endpoint create
    az ml batch-endpoint update
    az ml batch-deployment create
    az ml batch-deployment update
    az ml model deploy
    az ml service create
    az ml endpoint create
    az ml schedule create
    aws cloudformation deploy
    aws cloudformation create-stack
    aws cloudformation update-stack
    aws ecs update-service
    aws ecs deploy
    aws lambda update-function-code
    aws lambda create-function
    aws sagemaker create-endpoint
    aws sagemaker update-endpoint
    aws sagemaker create-model
    aws deploy create-deployment
    aws elasticbeanstalk update-environment
    aws elasticbeanstalk create-application-version
    aws apprunner
    aws lightsail create-container-service-deployment
    aws codepipeline start-pipeline-execution
    eb deploy
    ecs-cli compose
    ecs-deploy
    copilot deploy
    copilot svc deploy
    sam deploy
    cdk deploy
    chalice deploy
    zappa deploy
    zappa update
    serverless deploy
    sls deploy
    terraform apply
    tofu apply
    terragrunt apply
    pulumi up
    ansible-playbook
    fly deploy
    flyctl deploy
    heroku container:release
    railway up
    railway deploy
    vercel deploy
    modal deploy
    bentoml deploy
    bentoml deployment
    bentoctl deploy
    truss push
    cog push
    anyscale service
    serve deploy
    sky serve up
    sky serve update
    databricks bundle deploy
    databricks jobs create
    databricks jobs reset
    databricks workspace import_dir
    dbx deploy
    prefect deploy
    prefect deployment apply
    astro deploy
    kamal deploy
    cap deploy
    nomad job run
    nomad run
    docker stack deploy
    docker service update
    eas update
    dokku deploy
    lightning deploy
    zenml model-deployer
    mlflow deployments create
    mlflow deployments update
    mlflow sagemaker deploy
    """.strip().splitlines())
ACTIONS = re.compile(
    r"^(azure/(webapps-deploy|functions-action|k8s-deploy|container-apps-deploy-action|aci-deploy"
    r"|aml-deploy|appservice-\w+)|google-github-actions/(deploy-\w[\w-]*|run-\w+)"
    r"|aws-actions/(amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy"
    r"|aws-lambda-deploy|amazon-ecs-deploy-express-service)|einaregilsson/beanstalk-deploy"
    r"|akhileshns/heroku-deploy|superfly/flyctl-actions|appleboy/lambda-action"
    r"|serverless/github-action|amondnet/vercel-action|johnbeynon/render-deploy-action"
    r"|digitalocean/app_action|cloudposse/[\w-]*(helm|ecspresso|argocd)[\w-]*"
    r"|azurewebapp\w*|azurerm\w*webapp\w*|helmdeploy|kubernetesmanifest"
    r"|kubernetes|azurefunctionapp\w*"
    r"|azurecontainerapps|azurecontainerapp|azureresourcemanagertemplatedeployment"
    r"|beanstalkdeployapplication|lambdadeployfunction"
    r"|cloudformationcreateorupdatestack|sambadeploy"
    r"|travis:(heroku|elasticbeanstalk|codedeploy|lambda|gae|cloudfoundry"
    r"|azure_web_apps|engineyard)"
    r"|[\w.-]+/[\w./-]*deploy[\w./-]*|circleci/[\w-]*deploy\w*|aws-ecs/deploy[\w-]*"
    r"|aws-serverless/deploy|heroku/deploy\w*|gcp-cloud-run/deploy|aws-eks/[\w-]*deploy\w*)$",
    re.I,
)
# A deployment of pages, documents or a preview brings no model into service.
PAGES = re.compile(
    r"(pages|mkdocs|docs?(?![a-z])|gh-deploy|wiki|sphinx|storybook|netlify|preview|surge|website"
    r"|slides|book|deploy-status|deployment-status|wait-for|deployments?$"
    r"|delete|deploy-key|docusaurus)",
    re.I,
)
PUBLISHES = (
    "docker push",
    "huggingface-cli upload",
    "hf upload",
    "docker buildx build",
    "podman push",
    "buildah push",
    "crane push",
    "az acr build",
    "gcloud builds submit",
    "twine upload",
    "poetry publish",
    "uv publish",
    "flit publish",
    "hatch publish",
    "mkdocs gh-deploy",
    "mike deploy",
    "ghp-import",
    "quarto publish",
    "semantic-release publish",
    "kaniko",
    "helm push",
    "conda-build",
)
PUBLISHERS = re.compile(
    r"(docker/build-push-action|pypa/gh-action-pypi-publish"
    r"|actions/deploy-pages|redhat-actions/push"
    r"|peaceiris/actions-gh-pages|actions-gh-pages|github-pages-deploy-action|^docker$|kaniko"
    r"|softprops/action-gh-release|elgohr/publish-docker|mr-smithers-excellent/docker-build-push"
    r"|travis:(pypi|pages|releases))",
    re.I,
)
COPIES = (
    "gsutil",
    "gcloud storage",
    "aws s3",
    "azcopy",
    "s3cmd",
    "rclone",
    "dbutils",
    "mc",
)
VERBS_OF_COPIES = ("cp", "rsync", "sync", "copy")
# What a pipeline makes or reads, and not the pipeline.
ROWS = re.compile(r"\.(csv|tsv|parquet|feather|xlsx?|npy|npz|pkl|joblib)$", re.I)
PIPELINES = re.compile(r"(^|[\W_])(dags?|composer|pipelines?|flows)([\W_]|$)", re.I)
STARTS = re.compile(
    r"(docker.compose|compose)\b.*\bup\b|docker (run|restart|pull|service"
    r"|stack)|systemctl|pm2|supervisorctl"
    r"|service \w+ restart|git pull|make (up|deploy|start|restart)|docker-compose"
)
INFRASTRUCTURE = ("terraform", "tofu", "terragrunt", "pulumi", "ansible-playbook")
# Objects that hold no service, and clusters that end with the job that started them.
NO_SERVICE = {
    "namespace",
    "ns",
    "secret",
    "configmap",
    "serviceaccount",
    "clusterrolebinding",
}
PASSING = re.compile(
    r"(kind-action|setup-minikube|minikube start|\bk3d\b|microk8s|kind create|k3s)"
)
SENDS = ("scp", "rsync", "ssh", "curl", "lftp", "sftp")
IDLE = (
    "--dry-run",
    "--help",
    "--version",
    "--dry-run=client",
    "--dry-run=server",
    "--noop",
)
