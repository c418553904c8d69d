"""A catalogue of products: stored in a relational database, announced on EventBridge, logged in DynamoDB."""
