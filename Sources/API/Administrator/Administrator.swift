/// The endpoints under `/api/administrator/`: an administrator's, on any account of the app. What belongs to the owner is changed by
/// the owner alone.
public enum Administrator {}
