### Where feedback came from.

source-api = API
source-console = Console
source-mail = Replies by mail
source-form = Form: { $title }
