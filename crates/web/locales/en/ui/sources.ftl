### Where feedback came from.

source-api = API
source-console = Console
source-form = Form: { $title }
