import {
  directoryUser,
  directoryUserEmail,
  directoryExternalId,
  directoryGroup,
  directoryMember,
  directoryMemberList,
  directoryTombstone,
} from './directory'
import {
  accessClient,
  accessClientUse,
  accessToken,
  accessPassword,
  accessPasswordHistory,
  accessSession,
  accessConsumed,
  accessGuess,
} from './access'
import { mirrorTarget, mirrorWork, mirrorLink } from './mirror'
import { auditLine, provisioningRefusal } from './audit'
import { samlTrace } from './saml'
import { accessPasswordReset } from './password-reset'
import { accessChallenge, accessSecondStep } from './two-step'
import { systemMail, systemMailFailure } from './mail'
import { systemSetting, systemLease, systemJob } from './system'

/** Every table that Kagami owns; migrations make them, a test holds both against each other. */
export const entities = [
  directoryUser,
  directoryUserEmail,
  directoryExternalId,
  directoryGroup,
  directoryMember,
  directoryMemberList,
  directoryTombstone,
  accessClient,
  accessClientUse,
  accessToken,
  accessPassword,
  accessPasswordHistory,
  accessSession,
  accessConsumed,
  accessPasswordReset,
  accessSecondStep,
  accessChallenge,
  samlTrace,
  accessGuess,
  mirrorTarget,
  mirrorWork,
  mirrorLink,
  auditLine,
  provisioningRefusal,
  systemSetting,
  systemLease,
  systemJob,
  systemMail,
  systemMailFailure,
]
