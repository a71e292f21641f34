/// The pages in French.
enum French: Words {
  static let name = "Français"
  static let thousands = "\u{202F}"

  static let weekdays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]

  static func date(_ day: Int, _ month: Int, _ year: Int) -> String {
    "\(day == 1 ? "1er" : "\(day)") \(self.month(month, year))"
  }

  static func month(_ month: Int, _ year: Int) -> String {
    let months = [
      "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
      "novembre", "décembre",
    ]
    return "\(months[month - 1]) \(year)"
  }

  static func moment(_ date: String, _ clock: String) -> String { "\(date) à \(clock)" }
  static func labelled(_ label: String, _ sentence: String) -> String { "\(label)\u{A0}: \(sentence)" }

  static func duration(_ count: Int, _ unit: TimeUnit) -> String {
    let word =
      switch unit {
      case .day: "jour"
      case .hour: "heure"
      case .minute: "minute"
      case .second: "seconde"
      }
    return "\(count) \(word)\(count < 2 ? "" : "s")"
  }

  /// The label of a field by the name of its parameter.
  static func label(_ field: String) -> String? {
    switch field {
    case "username": "Identifiant"
    case "new-username": "Nouvel identifiant"
    case "password": "Mot de passe"
    case "new-password": "Nouveau mot de passe"
    case "verify-password": "Votre mot de passe"
    case "remember": "Garder la session ouverte"
    case "secret-code": "Code de secours"
    case "setup-code": "Code d’installation"
    case "invitation", "invitation-code": "Code d’invitation"
    case "scope": "Sessions à terminer"
    case "full-name": "Nom complet"
    case "display-name": "Nom affiché"
    case "company-name": "Organisation"
    case "contact-email": "Adresse e-mail"
    case "display-email": "Adresse e-mail affichée"
    case "dob": "Date de naissance"
    case "phone": "Téléphone"
    case "occupation": "Profession"
    case "location": "Lieu"
    case "website": "Site web"
    case "groups": "Groupes"
    case "reason": "Motif, visible par l’administration seulement"
    case "uses": "Nombre de personnes qui peuvent s’inscrire avec (de 1 à 1000)"
    case "days": "Nombre de jours de validité du code (de 1 à 90)"
    case "note": "Note, visible par l’administration seulement"
    case "default": "Utiliser ce profil"
    case "search": "Numéro de compte, identifiant ou adresse e-mail"
    default: nil
    }
  }

  static func text(_ text: Text) -> String {
    switch text {
    case .accountTitle: "Votre compte"
    case .accountSince: "Compte créé le"
    case .lastSignIn: "Dernière connexion"
    case .role: "Rôle"
    case .roleOwner: "Propriétaire de ce site"
    case .roleAdministrator: "Administration"
    case .name: "Nom"
    case .accountID: "Numéro de compte"
    case .signingIn: "Connexion"
    case .security: "Sécurité"
    case .personal: "À propos de vous"
    case .ending: "Suppression du compte"
    case .signInTitle: "Se connecter"
    case .signInLead: "Connectez-vous avec l’identifiant et le mot de passe de votre compte."
    case .signInSubmit: "Se connecter"
    case .rememberMinutes: "Pendant 20 minutes"
    case .rememberHours: "Pendant 8 heures"
    case .rememberDays: "Pendant 30 jours, sur votre propre appareil uniquement"
    case .forgotPassword: "Mot de passe oublié ?"
    case .registerLink: "Pas encore de compte ? Inscrivez-vous"
    case .restoreLink: "Conserver un compte en attente de suppression"
    case .registerTitle: "S’inscrire"
    case .registerLead: "Choisissez un identifiant et un mot de passe pour votre compte."
    case .registerSubmit: "S’inscrire"
    case .registrationClosed: "Les inscriptions sont fermées pour le moment."
    case .invited:
      "Vous avez reçu une invitation. Choisissez un identifiant et un mot de passe pour votre compte."
    case .invitationVoid:
      "Cette invitation ne fonctionne pas : son lien est incomplet, ou elle n’est plus valable. Demandez-en une nouvelle à la personne qui vous l’a envoyée."
    case .invitationVoidOpen:
      "Cette invitation ne fonctionne pas : son lien est incomplet, ou elle n’est plus valable. Demandez-en une nouvelle à la personne qui vous l’a envoyée, ou inscrivez-vous sans invitation."
    case .invitationLead: "Si vous avez un code d’invitation, saisissez-le ici."
    case .invitationSubmit: "Continuer"
    case .signInInstead: "Se connecter avec un compte existant"
    case .commonPasswordRule: "Les mots de passe très courants sont refusés."
    case .termsAgreement: "En vous inscrivant, vous acceptez les conditions d’utilisation."
    case .signOutTitle: "Se déconnecter"
    case .signOutLead: "Il vous faudra votre mot de passe pour vous reconnecter."
    case .signOutSubmit: "Se déconnecter"
    case .verifyTitle: "Confirmer votre mot de passe"
    case .verifyLead:
      "Vous avez saisi votre mot de passe il y a un certain temps. Saisissez-le de nouveau pour continuer."
    case .verifySubmit: "Continuer"
    case .changeUsernameTitle: "Changer d’identifiant"
    case .changeUsernameLead:
      "Vous vous connecterez ensuite avec le nouvel identifiant. Vos autres sessions prendront fin."
    case .changeUsernameSubmit: "Changer l’identifiant"
    case .changePasswordTitle: "Changer de mot de passe"
    case .changePasswordLead: "Vos autres sessions prendront fin ; seule celle-ci restera ouverte."
    case .changePasswordSubmit: "Changer le mot de passe"
    case .sessionsTitle: "Vos sessions"
    case .sessionsLead:
      "Chaque ligne correspond à un navigateur ou à un programme qui s’est connecté à votre compte."
    case .sessionTitle: "Session"
    case .thisSession: "ce navigateur"
    case .sessionEnded: "terminée"
    case .sessionAlive: "ouverte"
    case .unknownDevice: "Programme inconnu"
    case .browserOnSystem: "{browser} sur {system}"
    case .device: "Programme"
    case .address: "Adresse IP"
    case .began: "Début"
    case .lastUsed: "Dernière utilisation"
    case .endsAt: "Fin prévue"
    case .endedAt: "Fin"
    case .state: "État"
    case .endSessionTitle: "Terminer cette session"
    case .endSessionLead: "Le navigateur ou le programme sera déconnecté immédiatement."
    case .endSessionSubmit: "Terminer la session"
    case .endAllTitle: "Terminer des sessions"
    case .endAllLead:
      "Faites-le si vous avez oublié de vous déconnecter quelque part, ou si quelque chose vous semble anormal."
    case .endAllSubmit: "Terminer les sessions"
    case .scopeOthers: "Toutes les autres ; celle de ce navigateur reste ouverte"
    case .scopeAll: "Toutes ; tous les codes de secours deviennent aussi invalides"
    case .profilesTitle: "Vos profils"
    case .profilesLead: "Un profil contient ce que ce site sait de vous."
    case .noProfiles: "Vous n’avez pas encore de profil."
    case .profileTitle: "Profil"
    case .defaultProfile: "profil utilisé"
    case .createProfileTitle: "Ajouter un profil"
    case .createProfileSubmit: "Ajouter le profil"
    case .editProfileTitle: "Modifier ce profil"
    case .editProfileSubmit: "Enregistrer"
    case .setDefaultTitle: "Utiliser ce profil"
    case .setDefaultLead: "Ce profil sera désormais utilisé."
    case .setDefaultSubmit: "Utiliser ce profil"
    case .deleteProfileTitle: "Supprimer ce profil"
    case .deleteProfileLead: "Son contenu sera supprimé définitivement."
    case .deleteProfileSubmit: "Supprimer le profil"
    case .defaultStays: "Le profil utilisé ne peut pas être supprimé. Utilisez d’abord un autre profil."
    case .resetCodesTitle: "Vos codes de secours"
    case .resetCodesLead:
      "Avec un code de secours, vous pouvez choisir un nouveau mot de passe si vous oubliez le vôtre. Chaque code ne sert qu’une fois. Gardez-le en lieu sûr, comme une clé."
    case .noResetCodes:
      "Vous n’avez pas de code de secours. Sans code, un mot de passe oublié ne peut pas être remplacé ici."
    case .resetCodeTitle: "Code de secours"
    case .resetCodeMade: "Créé le"
    case .byAdministrator: "par l’administration du site"
    case .createResetCodeTitle: "Créer un code de secours"
    case .createResetCodeLead:
      "Utilisez le code ci-dessous, ou saisissez-en un de votre choix. Il n’est affiché que maintenant."
    case .createResetCodeSubmit: "Créer le code"
    case .resetCodeShownTitle: "Votre code de secours"
    case .resetCodeShownLead:
      "Notez-le ou imprimez cette page, et gardez-le en lieu sûr. Il ne sera plus affiché."
    case .resetCodeAlreadyMade: "Ce code a déjà été créé. Il ne peut plus être affiché."
    case .deleteResetCodeTitle: "Supprimer ce code de secours"
    case .deleteResetCodeLead: "Le code ne fonctionnera plus."
    case .deleteResetCodeSubmit: "Supprimer le code"
    case .resetAccountTitle: "Mot de passe oublié"
    case .resetAccountLead:
      "Choisissez un nouveau mot de passe avec l’un de vos codes de secours. Si vous n’en avez pas, demandez-en un aux responsables du site."
    case .resetAccountSubmit: "Enregistrer le nouveau mot de passe"
    case .deleteAccountTitle: "Supprimer votre compte"
    case .deleteAccountLead:
      "Toutes vos sessions prendront fin immédiatement. Au bout de {days}, le compte et tout ce qu’il contient seront supprimés définitivement. D’ici là, vous pourrez annuler la suppression."
    case .deleteAccountAtOnceLead:
      "Toutes vos sessions prendront fin, et le compte et tout ce qu’il contient seront supprimés définitivement."
    case .deleteAccountSubmit: "Supprimer le compte"
    case .deletedTitle: "Votre compte sera supprimé"
    case .deletedUntil: "Il sera supprimé définitivement le {time}."
    case .deletedAtOnceTitle: "Votre compte a été supprimé"
    case .deletedAtOnce: "Le compte et tout ce qu’il contenait ont été supprimés définitivement."
    case .deletedCancel: "Pour le conserver, utilisez le lien ci-dessous avant cette date."
    case .restoreTitle: "Conserver votre compte"
    case .restoreLead: "Si la suppression de votre compte est programmée, vous pouvez l’annuler ici."
    case .restoreSubmit: "Conserver le compte"
    case .adminTitle: "Administration du site"
    case .accountsTitle: "Comptes"
    case .administratorsTitle: "Comptes administrateurs"
    case .deletedAccountsTitle: "Comptes en attente de suppression"
    case .allSessionsTitle: "Toutes les sessions"
    case .allProfilesTitle: "Tous les profils"
    case .allResetCodesTitle: "Tous les codes de secours"
    case .anyAccountTitle: "Compte"
    case .accountOfRecord: "Compte"
    case .accountSessionsTitle: "Sessions de ce compte"
    case .accountProfilesTitle: "Profils de ce compte"
    case .accountResetCodesTitle: "Codes de secours de ce compte"
    case .accountHolds: "Contenu du compte"
    case .accountActions: "Ce que vous pouvez faire"
    case .ownAccount: "C’est votre propre compte."
    case .usernameChangedAt: "Identifiant modifié le"
    case .passwordChangedAt: "Mot de passe modifié le"
    case .codeMadeAt: "Dernier code de secours créé le"
    case .codeUsedAt: "Dernier code de secours utilisé le"
    case .deletionDueAt: "Suppression prévue le"
    case .byHolder: "par la personne elle-même"
    case .inAll: "{count} au total"
    case .scheduleDeletionTitle: "Programmer la suppression de ce compte"
    case .scheduleDeletionLead:
      "Toutes les sessions de la personne prendront fin immédiatement. Au bout de {days}, le compte et tout ce qu’il contient seront supprimés définitivement. D’ici là, l’administration du site peut annuler la suppression."
    case .scheduleDeletionAtOnceLead:
      "Toutes les sessions de la personne prendront fin, et le compte et tout ce qu’il contient seront supprimés définitivement en moins d’une minute."
    case .scheduleDeletionSubmit: "Programmer la suppression"
    case .cancelDeletionTitle: "Conserver ce compte"
    case .cancelDeletionLead: "Le compte ne sera pas supprimé, et la personne pourra de nouveau se connecter."
    case .cancelDeletionSubmit: "Annuler la suppression"
    case .removeAccountTitle: "Supprimer ce compte immédiatement"
    case .removeAccountLead:
      "Le compte et tout ce qu’il contient seront supprimés définitivement. Cette action est irréversible."
    case .removeAccountSubmit: "Supprimer définitivement"
    case .promoteTitle: "Donner les droits d’administration à ce compte"
    case .promoteLead:
      "La personne verra alors tous les comptes et leur contenu, et pourra tous les modifier, sauf le vôtre."
    case .promoteSubmit: "Donner les droits d’administration"
    case .demoteTitle: "Retirer les droits d’administration"
    case .demoteLead: "La personne gardera son compte, et toutes ses sessions prendront fin."
    case .demoteSubmit: "Retirer les droits d’administration"
    case .transferTitle: "Céder ce site"
    case .transferLead:
      "Ce compte deviendra le compte propriétaire du site, et toutes ses sessions prendront fin. Vous garderez les droits d’administration. Seule la personne à qui vous cédez le site pourra vous le rendre."
    case .transferSubmit: "Céder le site"
    case .resetKeyTitle: "Terminer toutes les sessions et invalider les codes"
    case .resetKeyLead:
      "Toutes les sessions de la personne prendront fin, et tous les codes de secours du compte deviendront invalides. Faites-le si quelqu’un d’autre a pu utiliser le compte."
    case .resetKeySubmit: "Terminer les sessions et invalider les codes"
    case .groupsTitle: "Groupes"
    case .groupsLead:
      "Un groupe existe tant qu’un compte en fait partie. Pour ajouter un compte à un groupe, ouvrez la page du compte."
    case .groupOfAccounts: "Groupe"
    case .setGroupsTitle: "Modifier les groupes de ce compte"
    case .setGroupsLead:
      "Les groupes déterminent les parties du site auxquelles la personne a accès. Séparez leurs noms par des virgules, par exemple : bureau, chorale. Laissez le champ vide pour ne mettre le compte dans aucun groupe."
    case .setGroupsSubmit: "Enregistrer les groupes"
    case .problemGroups:
      "Indiquez 64 noms au plus, séparés par des virgules. Un nom compte de 1 à 32 caractères : lettres de a à z sans accent, chiffres et traits d’union."
    case .noticeGroupsSet: "Les groupes sont enregistrés."
    case .suspendTitle: "Suspendre ce compte"
    case .suspendLead:
      "Toutes les sessions de la personne prendront fin, et elle ne pourra plus se connecter tant que la suspension n’est pas levée. Tout ce que contient le compte est conservé."
    case .suspendDeletionLead: "La suppression programmée suit son cours."
    case .suspendSubmit: "Suspendre le compte"
    case .resumeTitle: "Lever la suspension"
    case .resumeLead: "La personne pourra se connecter à nouveau."
    case .resumeSubmit: "Lever la suspension"
    case .suspendedSince: "Suspendu depuis"
    case .suspensionReason: "Motif"
    case .suspended: "suspendu"
    case .passwordDueAt: "Premier mot de passe avant le"
    case .passwordNotChosen: "pas encore de mot de passe"
    case .makeAccountTitle: "Créer un compte pour quelqu’un"
    case .makeAccountLead:
      "Vous choisissez l’identifiant. La personne choisit le mot de passe à l’aide d’un code, affiché une seule fois, après l’envoi de ce formulaire."
    case .makeAccountSubmit: "Créer le compte"
    case .madeAccountTitle: "Le compte est créé"
    case .madeAccountLead:
      "Transmettez à la personne l’identifiant, ce code et le lien ci-dessous. Le code n’est affiché que maintenant."
    case .madeAccountAlready:
      "Ce compte a déjà été créé. Son code ne sera plus affiché. Vous pouvez créer un nouveau code sur la page du compte."
    case .choosePasswordAt: "Où choisir le mot de passe"
    case .invitationsTitle: "Invitations"
    case .invitationsLead: "Une invitation permet de s’inscrire, même quand les inscriptions sont fermées."
    case .invitationTitle: "Détails de l’invitation"
    case .createInvitationTitle: "Inviter des personnes"
    case .createInvitationLead:
      "Vous obtenez un lien à envoyer. Il est affiché une seule fois, après l’envoi de ce formulaire."
    case .createInvitationSubmit: "Créer l’invitation"
    case .madeInvitationTitle: "La nouvelle invitation"
    case .madeInvitationLead:
      "Envoyez ce lien aux personnes que vous invitez. Il n’est affiché que maintenant."
    case .madeInvitationAlready: "Cette invitation a déjà été créée. Son lien ne sera plus affiché."
    case .invitationUses: "Utilisations"
    case .usesOf: "{used} sur {uses}"
    case .invitationMaker: "Créée par"
    case .invitationNote: "Note"
    case .invitationOver: "n’est plus valable"
    case .deleteInvitationTitle: "Retirer cette invitation"
    case .deleteInvitationLead: "Son lien ne fonctionnera plus. Les comptes créés avec elle sont conservés."
    case .deleteInvitationSubmit: "Retirer l’invitation"
    case .problemWholeNumber: "Saisissez un nombre entier compris dans ces limites."
    case .problemSuspendOwner: "Le compte propriétaire ne peut pas être suspendu."
    case .problemSuspendOwn: "Vous ne pouvez pas suspendre votre propre compte."
    case .problemSuspendedAlready: "Ce compte est déjà suspendu."
    case .problemNotSuspended: "Ce compte n’est pas suspendu."
    case .noticeSuspended: "Le compte est suspendu."
    case .noticeResumed: "La suspension est levée."
    case .noticeInvitationDeleted: "L’invitation est retirée."
    case .adminCodeTitle: "Créer un code de secours pour ce compte"
    case .adminCodeLead:
      "Avec ce code et l’identifiant du compte, on peut choisir un nouveau mot de passe. Le code n’est affiché que maintenant."
    case .adminCodeShownTitle: "Le nouveau code de secours"
    case .adminCodeShownLead:
      "Transmettez-le à la personne sans que d’autres puissent le lire. Il ne sera plus affiché."
    case .last90Days: "Les 90 derniers jours"
    case .last365Days: "Les 365 derniers jours, par mois"
    case .newThisWeek: "Nouveaux comptes ces 7 derniers jours : {count}"
    case .chartRegistrations: "Inscriptions"
    case .chartActive: "Comptes actifs"
    case .chartSignIns: "Connexions"
    case .chartResetCodes: "Codes de secours créés"
    case .mostOnDay: "au plus {count} en un jour"
    case .mostInMonth: "au plus {count} en un mois"
    case .figures: "Chiffres"
    case .week: "Semaine du"
    case .month: "Mois"
    case .number: "Nombre"
    case .metricsOff: "Ce site ne tient pas de statistiques ; il n’y a donc pas de graphiques."
    case .searchSubmit: "Rechercher"
    case .searchTitle: "Comptes trouvés"
    case .searchedFor: "Recherche"
    case .searchNone:
      "Aucun compte ne correspond. Saisissez en entier le numéro de compte, l’identifiant ou l’adresse e-mail."
    case .searchLimited: "Voici les {count} plus récents. Il y en a d’autres."
    case .frontTitle: "Bienvenue"
    case .frontAPI: "L’API de ce serveur"
    case .newer: "Début de la liste"
    case .older: "Suite de la liste"
    case .back: "Retour"
    case .optional: "facultatif"
    case .lengthMost: "au plus {most} caractères"
    case .groupsHint: "Noms séparés par des virgules, par exemple : bureau, chorale"
    case .lengthBetween: "{least} à {most} caractères"
    case .lengthLeast: "au moins {least} caractères"
    case .skip: "Aller au contenu"
    case .siteNavigation: "Site"
    case .languageLabel: "Langue"
    case .terms: "Conditions d’utilisation"
    case .privacy: "Confidentialité"
    case .problem: "Il y a un problème"
    case .errorPrefix: "Erreur : "
    case .problemMissing: "Remplissez le champ « {field} »."
    case .problemLength: "utilisez {length}."
    case .problemCharacters:
      "Le texte contient des caractères que l’on ne peut ni saisir ni voir, comme un retour à la ligne. Saisissez-le de nouveau."
    case .problemUnknownUsername: "Aucun compte n’a cet identifiant. Vérifiez son orthographe."
    case .problemWrongPassword: "Ce n’est pas le mot de passe du compte."
    case .problemCredentials: "L’identifiant et le mot de passe ne correspondent pas."
    case .problemTaken: "Cet identifiant est déjà pris. Choisissez-en un autre."
    case .problemCommon:
      "Ce mot de passe est l’un des premiers que des inconnus essaieraient. Choisissez-en un autre."
    case .problemTooMany: "Trop de tentatives. Réessayez dans {time}."
    case .problemDeleted:
      "Ce compte est en attente de suppression. Pour le conserver, utilisez le lien sous le formulaire."
    case .problemNotDeleted:
      "Ce compte n’est pas en attente de suppression, ou il est trop tard. Essayez de vous connecter."
    case .problemDeletedByOther:
      "La suppression de ce compte a été décidée par les responsables du site. Contactez-les."
    case .problemSuspended: "Ce compte est suspendu. Contactez les responsables du site."
    case .problemSuspendedDeletion:
      "Ce compte est suspendu. Si sa suppression est programmée, elle suit son cours. Contactez les responsables du site."
    case .problemOwner:
      "Vous êtes propriétaire de ce site, et il a d’autres comptes. Cédez-le d’abord à un autre compte."
    case .problemClosed: "Les inscriptions sont fermées pour le moment."
    case .problemSetupCode:
      "Ce n’est pas le code d’installation. Le bon code se trouve dans la configuration du serveur."
    case .problemInvitation: "Cette invitation n’est plus valable."
    case .problemProfileField: "Vérifiez votre saisie."
    case .problemTooManyProfiles:
      "Vous avez atteint le nombre maximal de profils de ce site. Supprimez-en un d’abord."
    case .problemDefaultProfile:
      "Le profil utilisé ne peut pas être supprimé. Utilisez d’abord un autre profil."
    case .problemCodeForm: "Un code se compose de lettres et de chiffres."
    case .problemUnusableCode: "Ce code ne fonctionne pas pour ce compte. Chaque code ne sert qu’une fois."
    case .problemGone: "Cet élément n’existe plus."
    case .problemRemember: "Choisissez combien de temps garder la session ouverte."
    case .problemStaleForm:
      "Ce formulaire est resté ouvert trop longtemps. Vérifiez-le et envoyez-le de nouveau."
    case .problemBusy: "Le serveur est occupé. Réessayez dans un instant."
    case .problemBusyForm:
      "Le serveur est occupé. Attendez un instant, puis rechargez cette page : votre formulaire sera envoyé de nouveau."
    case .problemStorage:
      "Le serveur ne peut rien enregistrer pour le moment. Rien n’a été modifié. Réessayez plus tard."
    case .problemOrigin:
      "Ce formulaire a été envoyé depuis un autre site, ou votre navigateur cache son origine. Ouvrez la page sur ce site et envoyez-le de nouveau."
    case .problemForm:
      "Le formulaire n’a pas été reçu correctement. Revenez en arrière et envoyez-le de nouveau."
    case .problemTooLong: "Votre envoi dépasse ce que cette page accepte."
    case .problemUnknown:
      "Une erreur s’est produite sur le serveur, qui l’a enregistrée. Réessayez plus tard."
    case .problemAdministrator: "Cette page est réservée aux comptes administrateurs."
    case .problemNotYours: "Cet élément appartient à un autre compte."
    case .problemOwnersAccount:
      "C’est le compte propriétaire du site. Seule la personne qui le détient peut le modifier."
    case .problemOnlyOwner: "Cette action est réservée au compte propriétaire du site."
    case .problemOwnerStays:
      "Le compte propriétaire ne peut pas être supprimé. Il faut d’abord céder le site."
    case .problemOwnersRole: "Le compte propriétaire a toujours les droits d’administration."
    case .problemAlready: "C’est déjà le cas."
    case .problemNotAdministrator: "Ce compte n’a pas les droits d’administration."
    case .problemScheduled: "Ce compte est en attente de suppression. Annulez d’abord la suppression."
    case .problemSuspendedOther: "Ce compte est suspendu. Levez d’abord la suspension."
    case .problemWithoutPassword:
      "La personne à qui appartient ce compte n’a pas encore choisi de mot de passe."
    case .problemNotScheduled: "Ce compte n’est pas en attente de suppression, ou il est trop tard."
    case .notFoundTitle: "Cette page n’existe pas"
    case .notFoundText: "Vérifiez l’adresse, ou accédez à votre compte."
    case .refusedTitle: "Cela n’a pas fonctionné"
    case .outOfServiceTitle: "Les comptes sont indisponibles"
    case .outOfServiceText:
      "Rien ne peut être lu ni modifié ici pour le moment. Réessayez plus tard. La raison se trouve dans le journal du serveur."
    case .noticeRegistered: "Bienvenue ! Votre compte est prêt et votre session est ouverte."
    case .noticeAccountMade:
      "Votre compte est prêt. Connectez-vous."
    case .noticeSignedOut: "Votre session est terminée."
    case .noticeSessionOver:
      "Votre session a pris fin entre-temps. Connectez-vous, puis remplissez de nouveau le formulaire."
    case .noticeSignInFirst: "Connectez-vous pour continuer."
    case .noticeUsernameChanged: "Votre identifiant a été modifié."
    case .noticePasswordChanged: "Votre mot de passe a été modifié."
    case .noticePasswordReset: "Votre nouveau mot de passe a été enregistré. Utilisez-le pour vous connecter."
    case .noticeSessionEnded: "La session est terminée."
    case .noticeSessionsEnded: "Les autres sessions sont terminées."
    case .noticeProfileSaved: "Le profil a été enregistré."
    case .noticeProfileRemoved: "Le profil a été supprimé."
    case .noticeProfileUsed: "Ce profil est désormais utilisé."
    case .noticeCodeRemoved: "Le code de secours a été supprimé."
    case .noticeRestored: "Votre compte est conservé. Connectez-vous."
    case .noticeDeletionScheduled: "La suppression du compte est programmée."
    case .noticeDeletionCancelled: "La suppression est annulée. Le compte est conservé."
    case .noticeAccountRemoved: "Le compte a été supprimé."
    case .noticeAdministratorAssigned: "Le compte a désormais les droits d’administration."
    case .noticeAdministratorRevoked: "Le compte n’a plus les droits d’administration."
    case .noticeOwnershipTransferred: "Le site a été cédé. Vous gardez les droits d’administration."
    case .noticeSessionKeyReset:
      "Toutes les sessions sont terminées, et tous les codes de secours sont invalides."
    }
  }
}
