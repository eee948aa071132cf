# Themes found in comments.

found-title = Find themes
found-error-title = Error: { $title }
found-new = Find themes in these comments
found-how = Comments that say alike things are put together, and each group is called by a phrase that people wrote. You look at them, rename, merge, split and drop them, and take those worth keeping into the codeframe.
found-reads = { $count } pieces of feedback would be read, at most the newest 50,000; { $least } are needed. It takes a few seconds.
found-name = Name
found-name-hint = How you will find it again, for example: Parking, spring 2024
found-k = How many themes
found-k-hint = Left empty, the comments decide; otherwise 2 to 100
found-go = Find themes
found-earlier = Found earlier
found-column-name = Name
found-column-changed = Last changed
found-what = { $themes } themes in { $comments } comments; { $rest } comments fit none.
found-capped = There is more feedback than is read; the newest was.
found-size =
    { $count ->
        [one] { $count } comment
       *[other] { $count } comments
    }
found-sentiment = mean sentiment { $mean } (from −1 to 1)
found-theme-name = Name
found-accept = Take into the codeframe
found-rename = Rename
found-split = Split
found-drop = Drop
found-merge = Merge
found-merge-this = Merge
found-merge-what = Mark the themes that are one, then merge them. The first marked gives its name.
found-merge-two = Mark at least two themes to merge.
