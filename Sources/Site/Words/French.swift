/// The pages in French.
enum French: Words {
  static let name = "Français"
  static let thousands = "\u{202F}"

  static func date(_ day: Int, _ month: Int, _ year: Int) -> String {
    let months = [
      "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
      "novembre",
      "décembre",
    ]
    return "\(day == 1 ? "1er" : "\(day)") \(months[month - 1]) \(year)"
  }

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
    case "username": "Nom"
    case "new-username": "Nouveau nom"
    case "password": "Mot de passe"
    case "new-password": "Nouveau mot de passe"
    case "verify-password": "Votre mot de passe"
    case "remember": "Rester connecté"
    case "secret-code": "Code de secours"
    case "setup-code": "Code d’installation"
    case "scope": "Quelles sessions"
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
    case "default": "Utiliser ce profil"
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
    case .roleAdministrator: "Administrateur"
    case .name: "Nom"
    case .accountID: "Numéro de compte"
    case .signingIn: "Connexion"
    case .security: "Sécurité"
    case .personal: "À propos de vous"
    case .ending: "Partir"
    case .signInTitle: "Se connecter"
    case .signInLead: "Connectez-vous avec le nom et le mot de passe de votre compte."
    case .signInSubmit: "Se connecter"
    case .rememberMinutes: "Pendant 20 minutes"
    case .rememberHours: "Pendant 8 heures"
    case .rememberDays: "Pendant 30 jours, seulement sur votre propre appareil"
    case .forgotPassword: "Mot de passe oublié ?"
    case .registerLink: "Pas encore de compte ? Inscrivez-vous"
    case .restoreLink: "Garder un compte dont la suppression est prévue"
    case .registerTitle: "S’inscrire"
    case .registerLead: "Choisissez un nom et un mot de passe pour votre compte."
    case .registerSubmit: "S’inscrire"
    case .registrationClosed: "Les inscriptions sont fermées pour le moment."
    case .signInInstead: "Se connecter avec un compte existant"
    case .commonPasswordRule: "Les mots de passe très courants sont refusés."
    case .termsAgreement: "En vous inscrivant, vous acceptez les conditions d’utilisation."
    case .signOutTitle: "Se déconnecter"
    case .signOutLead: "Il vous faudra votre mot de passe pour vous reconnecter."
    case .signOutSubmit: "Se déconnecter"
    case .verifyTitle: "Votre mot de passe, encore une fois"
    case .verifyLead:
      "Vous avez saisi votre mot de passe il y a un moment. Saisissez-le de nouveau pour continuer."
    case .verifySubmit: "Continuer"
    case .changeUsernameTitle: "Changer votre nom"
    case .changeUsernameLead:
      "Vous vous connecterez ensuite avec le nouveau nom. Vos autres sessions prennent fin."
    case .changeUsernameSubmit: "Changer le nom"
    case .changePasswordTitle: "Changer votre mot de passe"
    case .changePasswordLead: "Vos autres sessions prennent fin : vous seul restez connecté."
    case .changePasswordSubmit: "Changer le mot de passe"
    case .sessionsTitle: "Où vous êtes connecté"
    case .sessionsLead: "Chaque ligne est un navigateur ou un programme connecté à votre compte."
    case .sessionTitle: "Session"
    case .thisSession: "ce navigateur"
    case .sessionEnded: "terminée"
    case .sessionAlive: "connecté"
    case .unknownDevice: "Programme inconnu"
    case .browserOnSystem: "{browser} sous {system}"
    case .device: "Programme"
    case .address: "Adresse"
    case .began: "Début"
    case .lastUsed: "Dernière utilisation"
    case .endsAt: "Fin prévue"
    case .endedAt: "Fin"
    case .state: "État"
    case .endSessionTitle: "Terminer cette session"
    case .endSessionLead: "Le navigateur ou le programme est déconnecté aussitôt."
    case .endSessionSubmit: "Terminer la session"
    case .endAllTitle: "Terminer des sessions"
    case .endAllLead:
      "Faites-le si vous avez oublié de vous déconnecter quelque part, ou si quelque chose vous semble étrange."
    case .endAllSubmit: "Terminer les sessions"
    case .scopeOthers: "Toutes les autres ; ce navigateur reste connecté"
    case .scopeAll: "Toutes, et tous les codes de secours sont annulés"
    case .profilesTitle: "Vos profils"
    case .profilesLead: "Un profil est ce que ce site sait de vous."
    case .noProfiles: "Vous n’avez pas encore de profil."
    case .profileTitle: "Profil"
    case .defaultProfile: "celui qui est utilisé"
    case .createProfileTitle: "Ajouter un profil"
    case .createProfileSubmit: "Ajouter le profil"
    case .editProfileTitle: "Modifier ce profil"
    case .editProfileSubmit: "Enregistrer"
    case .setDefaultTitle: "Utiliser ce profil"
    case .setDefaultLead: "Ce profil sera utilisé désormais."
    case .setDefaultSubmit: "Utiliser ce profil"
    case .deleteProfileTitle: "Supprimer ce profil"
    case .deleteProfileLead: "Son contenu est supprimé définitivement."
    case .deleteProfileSubmit: "Supprimer le profil"
    case .defaultStays: "Le profil utilisé ne peut pas être supprimé. Utilisez d’abord un autre profil."
    case .resetCodesTitle: "Vos codes de secours"
    case .resetCodesLead:
      "Avec un code de secours, vous pouvez choisir un nouveau mot de passe si vous oubliez le vôtre. Chacun sert une fois. Gardez-le comme une clé."
    case .noResetCodes:
      "Vous n’avez pas de code de secours. Sans code, un mot de passe oublié ne peut pas être remplacé ici."
    case .resetCodeTitle: "Code de secours"
    case .resetCodeMade: "Créé le"
    case .byAdministrator: "par un administrateur"
    case .createResetCodeTitle: "Créer un code de secours"
    case .createResetCodeLead:
      "Gardez le code ci-dessous, ou saisissez le vôtre. Il n’est montré que maintenant."
    case .createResetCodeSubmit: "Créer le code"
    case .resetCodeShownTitle: "Votre code de secours"
    case .resetCodeShownLead:
      "Notez-le ou imprimez cette page, et gardez-le en lieu sûr. Il ne sera plus montré."
    case .resetCodeAlreadyMade: "Ce code a déjà été créé. Il n’est plus montré."
    case .deleteResetCodeTitle: "Supprimer ce code de secours"
    case .deleteResetCodeLead: "Le code ne fonctionnera plus."
    case .deleteResetCodeSubmit: "Supprimer le code"
    case .resetAccountTitle: "Mot de passe oublié"
    case .resetAccountLead:
      "Choisissez un nouveau mot de passe avec un de vos codes de secours. Si vous n’en avez pas, demandez-en un aux responsables du site."
    case .resetAccountSubmit: "Enregistrer le nouveau mot de passe"
    case .deleteAccountTitle: "Supprimer votre compte"
    case .deleteAccountLead:
      "Vous êtes déconnecté partout aussitôt. Après {days}, le compte et tout ce qu’il contient sont supprimés définitivement. D’ici là, vous pouvez le garder."
    case .deleteAccountAtOnceLead:
      "Vous êtes déconnecté partout, et le compte et tout ce qu’il contient sont supprimés définitivement."
    case .deleteAccountSubmit: "Supprimer le compte"
    case .deletedTitle: "Votre compte sera supprimé"
    case .deletedUntil: "Il sera supprimé définitivement le {time}."
    case .deletedCancel: "Pour le garder, utilisez avant cette date la page ci-dessous."
    case .restoreTitle: "Garder votre compte"
    case .restoreLead: "Si la suppression de votre compte est prévue, vous pouvez l’arrêter ici."
    case .restoreSubmit: "Garder le compte"
    case .frontTitle: "Bienvenue"
    case .frontAPI: "L’API de ce serveur"
    case .newer: "Les plus récents"
    case .older: "Plus anciens"
    case .back: "Retour"
    case .change: "Modifier"
    case .remove: "Supprimer"
    case .optional: "facultatif"
    case .lengthBetween: "{least} à {most} caractères"
    case .lengthLeast: "au moins {least} caractères"
    case .codeRule: "lettres et chiffres, {least} à {most} caractères"
    case .skip: "Aller au contenu"
    case .siteNavigation: "Site"
    case .languageLabel: "Langue"
    case .terms: "Conditions d’utilisation"
    case .privacy: "Confidentialité"
    case .problem: "Il y a un problème"
    case .errorPrefix: "Erreur : "
    case .problemMissing: "À remplir : {field}."
    case .problemLength: "Utilisez {length}."
    case .problemCharacters:
      "Le texte contient des caractères que l’on ne peut ni saisir ni voir, comme un retour à la ligne. Saisissez-le de nouveau."
    case .problemUnknownUsername: "Il n’y a pas de compte à ce nom. Vérifiez son orthographe."
    case .problemWrongPassword: "Ce n’est pas le mot de passe du compte."
    case .problemCredentials: "Le nom et le mot de passe ne vont pas ensemble."
    case .problemTaken: "Ce nom est déjà pris. Choisissez-en un autre."
    case .problemCommon:
      "Ce mot de passe est parmi les premiers que des inconnus essaient. Choisissez-en un autre."
    case .problemTooMany: "Trop d’essais. Réessayez dans {time}."
    case .problemDeleted:
      "La suppression de ce compte est prévue. Pour le garder, utilisez la page « Garder votre compte »."
    case .problemNotDeleted:
      "La suppression de ce compte n’est pas prévue, ou il est trop tard. Essayez de vous connecter."
    case .problemDeletedByOther: "Les responsables du site suppriment ce compte. Adressez-vous à eux."
    case .problemOwner:
      "Vous êtes propriétaire de ce site, et il a d’autres comptes. Transmettez d’abord la propriété à un autre compte."
    case .problemClosed: "Les inscriptions sont fermées pour le moment."
    case .problemSetupCode: "Ce n’est pas le code d’installation. Il se trouve dans les réglages du serveur."
    case .problemProfileField: "Vérifiez votre saisie."
    case .problemTooManyProfiles:
      "Vous avez autant de profils que ce site le permet. Supprimez-en un d’abord."
    case .problemDefaultProfile:
      "Le profil utilisé ne peut pas être supprimé. Utilisez d’abord un autre profil."
    case .problemCodeForm: "Un code est fait de lettres et de chiffres."
    case .problemUnusableCode: "Ce code ne fonctionne pas pour ce compte. Chaque code ne sert qu’une fois."
    case .problemGone: "Cela n’existe plus."
    case .problemRemember: "Choisissez combien de temps vous voulez rester connecté."
    case .problemStaleForm:
      "Ce formulaire est resté ouvert trop longtemps. Vérifiez-le et envoyez-le de nouveau."
    case .problemBusy: "Le serveur est occupé. Réessayez dans un instant."
    case .problemStorage:
      "Le serveur ne peut rien enregistrer pour le moment. Rien n’a été modifié. Réessayez plus tard."
    case .problemOrigin:
      "Ce formulaire vient d’un autre site, ou votre navigateur cache d’où il vient. Ouvrez la page ici et envoyez-le de nouveau."
    case .problemForm:
      "Le formulaire n’est pas arrivé comme prévu. Revenez en arrière et envoyez-le de nouveau."
    case .problemTooLong: "Vous avez envoyé plus que cette page n’accepte."
    case .problemUnknown: "Une erreur s’est produite ici. Le serveur l’a notée. Réessayez plus tard."
    case .problemAdministrator: "Cette page est réservée aux administrateurs."
    case .problemNotYours: "Cela appartient à un autre compte."
    case .notFoundTitle: "Cette page n’existe pas"
    case .notFoundText: "Vérifiez l’adresse, ou allez à votre compte."
    case .refusedTitle: "Cela n’a pas fonctionné"
    case .noticeRegistered: "Bienvenue ! Votre compte est prêt et vous êtes connecté."
    case .noticeSignedOut: "Vous êtes déconnecté."
    case .noticeSessionOver:
      "Vous avez été déconnecté entre-temps. Connectez-vous, puis remplissez de nouveau le formulaire."
    case .noticeSignInFirst: "Connectez-vous pour continuer."
    case .noticeUsernameChanged: "Votre nom est changé."
    case .noticePasswordChanged: "Votre mot de passe est changé."
    case .noticePasswordReset: "Votre nouveau mot de passe est enregistré. Connectez-vous avec lui."
    case .noticeSessionEnded: "La session est terminée."
    case .noticeSessionsEnded: "Les autres sessions sont terminées."
    case .noticeProfileSaved: "Le profil est enregistré."
    case .noticeProfileRemoved: "Le profil est supprimé."
    case .noticeProfileUsed: "Le profil est utilisé à partir de maintenant."
    case .noticeCodeRemoved: "Le code de secours est supprimé."
    case .noticeRestored: "Votre compte est conservé. Connectez-vous."
    }
  }
}
