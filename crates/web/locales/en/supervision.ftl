# Figures that the head of a hall looks at every morning, and published ones.

supervision-title = Figures
supervision-lead = Cases received, growth, closing rate, punctuality and waiting, by week, place, channel and kind. A number leads to its cases.
supervision-week = Week
supervision-place = Place
supervision-whole-city = Whole city
supervision-nowhere = At no place (online)
supervision-running-week = { $week } (not over)
supervision-running = This week is not over; growth is said when it is.
supervision-show = Show
supervision-received = Received
supervision-closed = Closed
supervision-tables = Tables
supervision-chart = { NUMBER($received_n) } cases received in the last { NUMBER($n) } weeks, { NUMBER($closed_n) } of them closed; the tables below have the same numbers
supervision-nothing = There is nothing yet.
supervision-published = Published by sources
supervision-published-lead = Numbers from reports, each with source and date. Growth and rates are computed here in the same way and compared with the print; they are no part of what this city counts.
supervision-behind = { $figure ->
    [accepted] Cases accepted
    [closed] Cases closed
    [open] Cases that are open
    [late-promise] Cases past the promised limit
    [late-limit] Cases past the statutory limit
   *[received] Cases received
  }
supervision-none = No case to show
supervision-none-text = There is no case behind this number, or none that you may see.
