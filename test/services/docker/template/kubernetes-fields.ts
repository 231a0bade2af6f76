// The fields of a PodTemplateSpec in Kubernetes 1.36 (k8s.io/api/core/v1/types.go), by object.

const words = (text: string) => text.trim().split(/\s+/);

export const KUBERNETES_FIELDS = {
  PodTemplateSpec: words('metadata spec'),
  ObjectMeta: words(
    `name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp
    deletionGracePeriodSeconds labels annotations ownerReferences finalizers managedFields`,
  ),
  PodSpec: words(
    `volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds
    activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName
    hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity
    schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName
    enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates
    resourceClaims resources hostnameOverride schedulingGroup`,
  ),
  Container: words(
    `name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules
    volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath
    terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty`,
  ),
  PodSecurityContext: words(
    `seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup
    sysctls fsGroupChangePolicy seccompProfile appArmorProfile seLinuxChangePolicy`,
  ),
  SecurityContext: words(
    `capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem
    allowPrivilegeEscalation procMount seccompProfile appArmorProfile`,
  ),
  Capabilities: words('add drop'),
  Probe: words(
    `exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
    terminationGracePeriodSeconds`,
  ),
  ExecAction: words('command'),
  HTTPGetAction: words('path port host scheme httpHeaders'),
  HTTPHeader: words('name value'),
  TCPSocketAction: words('port host'),
  ContainerPort: words('name hostPort containerPort protocol hostIP'),
  EnvVar: words('name value valueFrom'),
  VolumeMount: words('name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr'),
  Volume: words(
    `name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs
    persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume quobyte
    azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image`,
  ),
  EmptyDirVolumeSource: words('medium sizeLimit'),
  ResourceRequirements: words('limits requests claims'),
  /** The resources of a container that Kubernetes itself defines, and an extended one. */
  ResourceList: words('cpu memory ephemeral-storage hugepages-2Mi example.com/gpu'),
} as const;
