# The post: results out, back and out again; originals in.

post-title = Mail
post-lead = The result can be sent to you, and originals can be sent to the window.
post-way-question = How do you want the result?
post-way = { $way ->
    [download] Download
    [window] Collect at a window
    [locker] Take from a locker
   *[mail] By mail
  }
post-way-address = For mail, write where to send it.
post-name = Recipient
post-phone = Telephone
post-region = Province, city, district
post-region-hint = For example 山东省青岛市黄岛区
post-street = Street and house
post-state = { $state ->
    [wanted] To be sent
    [labelled] Label printed
    [underway] On its way
    [delivered] Delivered
    [returned] Back at the window
    [collected] Collected at the window
    [announced] Expected
    [received] Received
   *[cancelled] Cancelled
  }
post-event = { $event ->
    [accepted] Accepted by the carrier
    [in-transit] On its way
    [delivered] Delivered
   *[returned] Returned to the sender
  }
post-out = Result by mail
post-out-again = Result by mail (posting { $count })
post-in = Originals by mail
post-to = To
post-served = Served on (delivery)
post-reason = Why it came back
post-returned-text = The mail came back and waits at the window. Check the address and have it sent once more, or collect it with your identity card.
post-again = Send once more
post-redirect = Change the address
post-window = Collect at a window instead
post-ask = Send it by mail
post-ask-text = The result goes to this address once it is ready, free of charge.
post-announce = Announce originals
post-announce-text = After posting originals, write the tracking number here. You hear when they have arrived.
post-tracking = Tracking number
post-tracking-hint = 6 to 30 letters and digits
post-desk = Mail
post-desk-lead = Print labels, hand over to the carrier, see to what came back, confirm originals. Addresses stand on labels only, and each look is recorded.
post-desk-none = No mail to see to
post-pile = { $pile ->
    [wanted] To be sent
    [labelled] To be handed over
    [underway] On its way
    [returned] Returned
   *[announced] Originals expected
  }
post-do-label = Make a label
post-do-print = Print the label
post-do-hand-over = Handed over
post-do-collect = Collected at the window
post-do-receive = Originals received
post-label-access = Postal label of case
