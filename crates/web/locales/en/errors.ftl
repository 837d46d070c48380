errors-403-title = You cannot see this page
errors-403-text = It belongs to somebody else, or needs another account.
errors-404-title = There is no such page
errors-404-text = The address may be mistyped, or the page has moved.
errors-409-title = Somebody changed it first
errors-409-text = The content has changed since you opened it. Open it again, look, and make your change once more.
errors-422-title = Some of it could not be processed
errors-422-text = Go back and check what you entered. Everything you typed is still there.
errors-429-title = A little too fast
errors-429-text = Wait a moment and try again. Everything you typed is still there.
errors-500-title = Something went wrong on our side
errors-500-text = It is not your fault. What was saved is safe. Please try again in a while.
errors-503-title = Under maintenance
errors-503-text = What was saved is safe. Please come back in a while.
errors-retry = { $n ->
    [one] You can try again in { $n } second.
   *[other] You can try again in { $n } seconds.
  }
errors-reference = When you ask for help, give this number:
errors-home = Home page
errors-search = Find a service
errors-call = Or call { $phone }
